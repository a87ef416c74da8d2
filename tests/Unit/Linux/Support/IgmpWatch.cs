using MulticastLab.Linux.PacketSockets;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>Captures the IGMP messages that arrive on an interface, as text: <c>ALLOW 239.1.1.1 {10.0.0.9}</c>.</summary>
internal sealed class IgmpWatch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new();
    private int returned;

    public IgmpWatch(PrivateNetwork network) => socket = network.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions
    {
        Filter = PacketFilter.Of(Dialect.Igmp.Filter),
        LinkHeader = false,
        AllMulticast = true,
        IgnoreOutgoing = true,
    }));

    /// <summary>The records seen so far, in order, one line each; of versions 1 and 2 the messages.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>The IPv4 packets seen so far.</summary>
    public List<byte[]> Packets { get; } = [];

    /// <summary>When each of them arrived, by the kernel's timestamp.</summary>
    public List<Instant> Arrivals { get; } = [];

    /// <summary>What was wrong with any message: Router Alert, TTL, destination (RFC 9776 §4, §4.2.15).</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Waits for the next such line after what the calls before have returned, and returns the lines up to it.</summary>
    public IReadOnlyList<string> Until(string line)
    {
        int found;
        while ((found = Seen.IndexOf(line, returned)) < 0)
        {
            if (!socket.WaitForPacket(Patience))
                throw new TimeoutException($"Not seen: {line}\nseen:\n  {string.Join("\n  ", Seen)}");
            Read();
        }

        var lines = Seen[returned..(found + 1)];
        returned = found + 1;
        return lines;
    }

    /// <summary>Takes what has arrived, and forgets it and all before.</summary>
    public void Forget()
    {
        Read();
        Packets.Clear();
        Arrivals.Clear();
        Seen.Clear();
        returned = 0;
    }

    /// <summary>Takes what has arrived.</summary>
    public void Read()
    {
        while (socket.Receive(batch) > 0)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                Arrivals.Add(batch[i].At);
                Note(batch[i].Bytes);
            }
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        batch.Dispose();
    }

    private void Note(ReadOnlySpan<byte> bytes)
    {
        Packets.Add(bytes.ToArray());
        var error = IgmpPacket.TryRead(bytes, out var packet);
        if (error != PacketError.None)
        {
            Faults.Add(error.ToString());
            return;
        }

        var envelope = packet.Envelope;
        if (!envelope.RouterAlert || envelope.TimeToLive != 1)
            Faults.Add($"{packet.Type}: TTL {envelope.TimeToLive}, Router Alert {envelope.RouterAlert}");
        switch (packet.Type)
        {
            case IgmpType.V3MembershipReport:
                if (envelope.Destination != Address.Parse("224.0.0.22"))
                    Faults.Add($"a version 3 report to {envelope.Destination}");
                foreach (var record in packet.Report)
                    Seen.Add($"{Name(record.Type)} {record.Group} {{{string.Join(", ", record.Sources.ToArray().Order())}}}");
                break;
            case IgmpType.MembershipQuery:
                Seen.Add($"Query {packet.Query.Group}");
                break;
            default:
                Seen.Add($"{packet.Type} {packet.Group}");
                break;
        }
    }

    private static string Name(RecordType type) => type switch
    {
        RecordType.IsInclude => "IS_IN",
        RecordType.IsExclude => "IS_EX",
        RecordType.ToInclude => "TO_IN",
        RecordType.ToExclude => "TO_EX",
        RecordType.Allow => "ALLOW",
        RecordType.Block => "BLOCK",
        _ => $"type {(int)type}",
    };
}
