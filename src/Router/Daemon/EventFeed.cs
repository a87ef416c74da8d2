using System.Buffers;
using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// The listeners of <c>router events</c>: one JSON line per change of state, in the order in which they happened. The lines of one turn of
/// the loop are written once, and handed to all listeners together.
/// </summary>
internal sealed class EventFeed(EventLoop loop)
{
    private const int LongestBlock = 64 * 1024;

    private readonly List<ControlStream> listeners = [];
    private readonly ArrayBufferWriter<byte> block = new(1024);

    /// <summary>Adds a listener.</summary>
    public void Add(ControlStream listener) => listeners.Add(listener);

    /// <summary>Reports that an interface has come up or gone down.</summary>
    public void Tell(Instant at, string interfaceName, bool up) =>
        Publish(at, interfaceName, up ? "interface-up" : "interface-down", null);

    /// <summary>Reports a change that a protocol core has reported.</summary>
    public void Tell(Instant at, string interfaceName, StateChanged change) =>
        Publish(at, interfaceName, Name(change.What), change);

    private static string Name(StateChange change) => change switch
    {
        StateChange.QuerierChanged => "querier-changed",
        StateChange.GroupAdded => "group-added",
        StateChange.GroupRemoved => "group-removed",
        StateChange.FilterModeChanged => "filter-mode-changed",
        StateChange.CompatibilityModeChanged => "compatibility-mode-changed",
        StateChange.SourceForwarded => "source-forwarded",
        StateChange.SourceBlocked => "source-blocked",
        StateChange.SourceRemoved => "source-removed",
        StateChange.GroupLimitReached => "group-limit-reached",
        StateChange.SourceLimitReached => "source-limit-reached",
        StateChange.HostLimitReached => "host-limit-reached",
    };

    private void Publish(Instant at, string interfaceName, string kind, StateChanged? change)
    {
        if (listeners.Count == 0)
            return;
        if (block.WrittenCount == 0)
            loop.Post(Send);
        using (var writer = new Utf8JsonWriter(block))
            Write(writer, at, interfaceName, kind, change);
        block.Write("\n"u8);
        if (block.WrittenCount >= LongestBlock)
            Send();
    }

    // By hand: there may be thousands in one turn of the loop, on which no metadata is to be loaded either.
    private static void Write(Utf8JsonWriter writer, Instant at, string interfaceName, string kind, StateChanged? change)
    {
        writer.WriteStartObject();
        writer.WriteString("time", DaemonLog.Format(at));
        writer.WriteString("interface", interfaceName);
        writer.WriteString("kind", kind);
        Write(writer, "group", change?.Group);
        Write(writer, "source", change?.Source);
        Write(writer, "querier", change?.Querier);
        if (change?.CompatibilityMode is { } mode)
            writer.WriteNumber("compatibility-mode", mode);
        writer.WriteEndObject();
    }

    private void Send()
    {
        if (block.WrittenCount == 0)
            return;
        // Listeners that are gone are noticed here, which costs nothing while nothing happens.
        listeners.RemoveAll(static each => !each.IsOpen);
        var lines = block.WrittenSpan.ToArray();
        block.ResetWrittenCount();
        foreach (var listener in listeners)
            listener.Send(lines);
    }

    private static void Write(Utf8JsonWriter writer, string name, Address? address)
    {
        if (address is { } present)
            writer.WriteString(name, present.ToString());
    }
}
