using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent.Commands;

/// <summary><c>hostagent send</c>: a stream from this process's own socket; no agent is needed.</summary>
internal static class SendCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var target = Arguments.GroupPort();
        var source = Arguments.Source();
        var count = Arguments.Number("--count", "How many datagrams; default unlimited.", 1, long.MaxValue);
        var rate = Arguments.Number("--rate", "How many datagrams per second; default 50.", 1, 1_000_000);
        var timeToLive = Arguments.Number("--ttl", "The time to live; default 8.", 0, 255);
        var interfaceName = Arguments.Interface(
            "The interface to send out of; default the running agent's, and without one by the routes.");
        var json = Arguments.Json();
        var control = Arguments.Control();
        var command = new Command("send", "Sends numbered and time-stamped UDP datagrams to a group.")
        {
            target, source, count, rate, timeToLive, interfaceName, json, control,
        };
        command.Does(parsed =>
        {
            var request = new StreamRequest
            {
                Group = parsed.GetValue(target).Group,
                Port = parsed.GetValue(target).Port,
                Source = parsed.GetValue(source),
                Count = (ulong?)parsed.GetValue(count),
                Interval = parsed.GetValue(rate) is { } perSecond ? TimeSpan.FromSeconds(1) / perSecond : StreamRequest.DefaultInterval,
                TimeToLive = (byte)(parsed.GetValue(timeToLive) ?? 8),
            };
            return Run(
                request,
                OutInterface(parsed.GetValue(interfaceName), parsed.GetValue(control)),
                parsed.GetValue(json),
                parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    /// <summary>The interface that is named, or that of the agent on the control socket, or 0: by the routes.</summary>
    internal static int OutInterface(string? named, string? control)
    {
        if (named is null && File.Exists(Arguments.ControlPath(control)))
            named = AgentClient.State(control).Interface;
        return named is null ? 0 : LinkInfo.Read(named).Index;
    }

    private static ExitCode Run(StreamRequest request, int interfaceIndex, bool json, TextWriter output)
    {
        using var loop = new EventLoop();
        using var stream = new StreamSender(loop, request, interfaceIndex, loop.Stop);
        PosixSignal? ended = null;
        using var signals = Signals.CatchEnd(loop, signal =>
        {
            ended = signal;
            loop.Stop();
        });
        loop.Run();
        output.WriteLine(json ? Json(stream) : Line(stream));
        if (ended is not null && request.Count is not null)
            return ExitCode.Interrupted;
        return stream.Unsent == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static string Line(StreamSender stream) => string.Create(
        CultureInfo.InvariantCulture,
        $"sent {stream.Sent} datagrams to {stream.Request.Group}:{stream.Request.Port} in {stream.Elapsed.TotalSeconds:F3} s, stream "
            + $"{stream.Stream:x16}"
        + $"{Unsent(stream.Unsent)}");

    private static string Unsent(ulong count) => count == 0
        ? ""
        : $"; {count} could not be sent: the interface is down, its queue is full, or there is no route (name one with --interface)";

    private static string Json(StreamSender stream) => JsonSerializer.Serialize(
        new SentLeaves(
            stream.Request.Group, stream.Request.Port, stream.Stream.ToString("x16", CultureInfo.InvariantCulture), stream.Sent,
            stream.Unsent, stream.Elapsed.TotalMicroseconds),
        TrafficContext.Default.SentLeaves);
}
