using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent.Commands;

/// <summary>Receives through a socket of this process.</summary>
internal static class OwnReception
{
    /// <summary>Receives until the count is reached or a signal arrives, and prints.</summary>
    /// <exception cref="ControlException">The kernel does not know which interface is meant.</exception>
    public static ExitCode Run(ReceiveRequest request, int interfaceIndex, TextWriter output, TextWriter error)
    {
        using var loop = new EventLoop();
        var report = new ReceptionReport(request.Group, request.Port);
        var interrupted = false;
        using var signals = Signals.CatchEnd(loop, _ =>
        {
            interrupted = true;
            loop.Stop();
        });
        foreach (var refusal in MulticastLimits.Lift(request.Filter.Sources.Count))
            error.WriteLine($"hostagent: {refusal}");
        using var socket = Open();
        error.WriteLine("hostagent: listening");
        loop.Run();
        var told = report.ToLeaves(socket.Dropped);
        if (request.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(told, TrafficContext.Default.ReportLeaves));
        }
        else
        {
            foreach (var line in ReceptionReport.Lines(told))
                output.WriteLine(line);
        }

        return interrupted && request.Count is not null ? ExitCode.Interrupted : ExitCode.Ok;

        KernelReceiver Open()
        {
            try
            {
                return new KernelReceiver(loop, interfaceIndex, request.Group, request.Port, request.Filter, Take);
            }
            catch (LinuxException failed) when (failed.Error == Errno.NoSuchDevice && interfaceIndex == 0)
            {
                throw ControlException.Environment($"no route says which interface {request.Group} is on; name one with --interface");
            }
        }

        void Take(in ReceivedDatagram received)
        {
            if ((ulong)report.Received == request.Count)
                return;
            if (report.Add(received, out var datagram) && !request.Json)
            {
                output.WriteLine(
                    new DatagramLine(
                        received.Source, request.Group, request.Port, datagram.Sequence, received.Payload.Length, received.At,
                        received.At - datagram.SentAt));
            }

            if ((ulong)report.Received == request.Count)
                loop.Stop();
        }
    }
}
