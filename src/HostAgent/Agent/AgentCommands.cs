using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Agent;

/// <summary>The running agent: carries out its control commands one after the other on its loop.</summary>
internal sealed class AgentCommands : IDisposable
{
    private readonly EventLoop loop;
    private readonly IHostStack stack;
    private readonly CommandTable commands = new("the host agent");
    private readonly Dictionary<string, StreamSender> streams = [];
    private readonly Dictionary<long, AgentReceiver> receivers = [];
    private long lastReceiver;

    /// <summary>An agent on a stack; both are owned by the caller.</summary>
    public AgentCommands(EventLoop loop, IHostStack stack)
    {
        this.loop = loop;
        this.stack = stack;
        AddFilterChange("join", Join);
        // As the stack has it: what Linux takes, its device is to take too.
        AddFilterChange("listen", request => stack.Replace(request.Socket, request.Group, request.Filter));
        AddFilterChange("leave", request => OfJoined(request, (socket, group) => stack.Replace(socket, group, SourceFilter.None)));
        AddFilterChange("allow", request => OfJoined(request, (socket, group) => stack.Allow(socket, group, SomeSources(request))));
        AddFilterChange("block", request => OfJoined(request, (socket, group) => stack.Block(socket, group, SomeSources(request))));
        commands.Add("show", Show);
        Add("send", (call, request) => Send(call, request.ToStream()));
        Add("stop-sending", (call, request) => StopSending(call, request.Stream));
        Add("receive", Receive);
        Add("stop-receiving", (call, request) => StopReceiving(call, request.Receiver));
    }

    /// <summary>Carries out a command. On the loop.</summary>
    public void Handle(ControlCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            commands.Run(call);
        }
        catch (ListenException refused)
        {
            call.Fail(refused.Message);
        }
        catch (LinuxException failed)
        {
            call.Fail(failed.Message, failed.IsPermission ? ExitCode.Environment : ExitCode.Failed);
        }
    }

    /// <summary>Ends the streams and receivers, leaves all groups, and then calls <paramref name="ended"/>. On the loop.</summary>
    public void End(Action ended)
    {
        Dispose();
        stack.LeaveAll(ended);
    }

    /// <summary>Ends the streams and receivers.</summary>
    public void Dispose()
    {
        foreach (var stream in streams.Values)
            stream.Dispose();
        streams.Clear();
        foreach (var receiver in receivers.Values.ToList())
            receiver.End();
    }

    private void Add(string name, Action<ControlCall, AgentRequest> run) =>
        commands.Add(name, call => run(call, new AgentRequest(new ControlRequest(call))));

    /// <summary>Adds a command that changes the filter of a socket; the answer is the new filter.</summary>
    private void AddFilterChange(string name, Action<AgentRequest> change) => Add(name, (call, request) =>
    {
        change(request);
        // INCLUDE without sources when the group was left.
        var state = new ReceptionState(request.Group, stack.Filter(request.Socket, request.Group));
        call.Succeed(writer => ReceptionStateJson.Write(writer, state));
    });

    private void Show(ControlCall call)
    {
        var state = stack.Dump();
        call.Succeed(writer => ReceptionStateJson.Write(writer, state));
    }

    private void Join(AgentRequest request)
    {
        var (group, filter) = (request.Group, request.Filter);
        ListenRules.Check(group, filter);
        stack.Replace(request.Socket, group, filter);
    }

    private void OfJoined(AgentRequest request, Action<string, Address> change)
    {
        if (stack.Filter(request.Socket, request.Group).IsNone)
            throw ControlException.Failed(HostSockets.NotJoined(request.Socket, request.Group));
        change(request.Socket, request.Group);
    }

    private static IReadOnlyList<Address> SomeSources(AgentRequest request) =>
        request.Sources is { Count: > 0 } sources ? sources : throw ControlException.Usage("\"sources\" names none");

    private void Send(ControlCall call, StreamRequest request)
    {
        StreamSender? stream = null;
        // A stream that has reached its count stays in the table, so that stop-sending can report its result.
        stream = new StreamSender(loop, request, LinkInfo.Read(stack.Interface).Index, () => stream!.Dispose());
        var name = stream.Stream.ToString("x16", CultureInfo.InvariantCulture);
        streams.Add(name, stream);
        call.Succeed(new StreamAnswer(name).WriteTo);
    }

    private void StopSending(ControlCall call, string name)
    {
        if (!streams.Remove(name, out var stream))
            throw ControlException.Failed($"there is no stream {name}");
        var answer = new StreamAnswer(name, stream.Sent, stream.Unsent);
        stream.Dispose();
        call.Succeed(answer.WriteTo);
    }

    private void Receive(ControlCall call, AgentRequest request)
    {
        var (group, port, filter) = (request.Group, request.Port, request.Filter);
        ListenRules.Check(group, filter);
        if (filter.IsNone)
            throw ControlException.Usage("\"sources\" names none");
        var number = ++lastReceiver;
        var receiver = new AgentReceiver(group, port, request.Count, request.Each, () => receivers.Remove(number));
        receiver.Start(handle => stack.Receive(group, port, filter, handle));
        receivers.Add(number, receiver);
        var stream = call.Stream();
        // The receiver ends with its client.
        stream.WhenClosed(() => loop.Post(receiver.End));
        stream.Send(new ReceiverAnswer(number).WriteTo);
        receiver.Client = stream;
    }

    private void StopReceiving(ControlCall call, long number)
    {
        if (!receivers.TryGetValue(number, out var receiver))
            throw ControlException.Failed($"there is no receiver {number}");
        receiver.End();
        call.Succeed(receiver.WriteReport);
    }
}
