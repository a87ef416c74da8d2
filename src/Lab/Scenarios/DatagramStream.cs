using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>
/// A stream of numbered datagrams from one source to one group, until <see cref="LabRun.EndStreams"/> or the end of the run.
/// </summary>
public sealed class DatagramStream
{
    private readonly string sender;
    private readonly Address source;
    private readonly Address group;

    internal DatagramStream(LabRun run, string sender, Address source, Address group, TimeSpan every) =>
        (Run, this.sender, this.source, this.group, Every) = (run, sender, source, group, every);

    /// <summary>The time between two datagrams.</summary>
    public TimeSpan Every { get; }

    internal LabRun Run { get; }

    /// <summary>The stream as it arrives on the node's LAN (that of its first interface).</summary>
    public StreamView At(LabNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new StreamView(this, node.Name, node.Lan);
    }

    /// <summary>The stream as it arrives on a LAN.</summary>
    public StreamView On(string lan) => new(this, $"LAN {lan}", lan);

    /// <summary>Source and group.</summary>
    public override string ToString() => $"stream {source} → {group}";

    internal bool IsOf(SeenFrame frame) =>
        frame.Datagram is not null && frame.Envelope.Source == source && frame.Envelope.Destination == group;

    internal bool IsSent(SeenFrame frame) => frame.Sender == sender && IsOf(frame);
}
