using MulticastLab.Daemon.Control;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Agent;

/// <summary>The members that requests to the agent have.</summary>
/// <param name="members">The members as they are.</param>
internal readonly struct AgentRequest(ControlRequest members)
{
    /// <summary><c>group</c>, which must be there.</summary>
    public Address Group => ListenRules.Group(members.Text("group"));

    /// <summary><c>socket</c>: the name of a socket; the default one when it is not there.</summary>
    public string Socket => members.OptionalText("socket") is { } name ? ListenRules.Socket(name) : HostSockets.Default;

    /// <summary><c>sources</c>; empty when it is not there.</summary>
    public IReadOnlyList<Address> Sources => [.. (members.OptionalTexts("sources") ?? []).Select(ListenRules.Source)];

    /// <summary><c>mode</c> and <c>sources</c>; without a mode EXCLUDE.</summary>
    public SourceFilter Filter => SourceFilter.Of(
        members.OptionalText("mode") switch
        {
            "include" => FilterMode.Include,
            "exclude" or null => FilterMode.Exclude,
            var other => throw ControlException.Usage($"\"mode\" is include or exclude, not '{other}'"),
        },
        Sources);

    /// <summary><c>port</c>; 5001 when it is not there.</summary>
    public ushort Port => (ushort)(members.OptionalNumber("port", 1, ushort.MaxValue) ?? StreamDatagram.DefaultPort);

    /// <summary><c>count</c>; null for no end.</summary>
    public ulong? Count => (ulong?)members.OptionalNumber("count", 1, long.MaxValue);

    /// <summary><c>stream</c>: the identifier of a stream, which must be there.</summary>
    public string Stream => members.Text("stream");

    /// <summary><c>receiver</c>: the number of a receiver, which must be there.</summary>
    public long Receiver => members.Number("receiver", 1, long.MaxValue);

    /// <summary><c>each</c>: whether every datagram is to be reported.</summary>
    public bool Each => members.Flag("each");

    /// <summary>The members of <c>send</c>.</summary>
    public StreamRequest ToStream() => new()
    {
        Group = Group,
        Port = Port,
        Source = members.OptionalText("source") is { } source ? ListenRules.Source(source) : null,
        Interval = members.OptionalNumber("interval-us", 1, 3_600_000_000) is { } microseconds
            ? TimeSpan.FromMicroseconds(microseconds)
            : StreamRequest.DefaultInterval,
        Count = Count,
        TimeToLive = (byte)(members.OptionalNumber("ttl", 0, 255) ?? 8),
    };
}
