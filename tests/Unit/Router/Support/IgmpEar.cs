using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;

namespace MulticastLab.Tests.Router.Support;

/// <summary>One IGMP message seen on the wire.</summary>
/// <param name="At">The kernel's timestamp.</param>
/// <param name="Source">The sender.</param>
/// <param name="Type">The type.</param>
/// <param name="Group">The queried group; unspecified in a General Query and in reports.</param>
/// <param name="Packet">The IPv4 packet.</param>
internal sealed record SeenMessage(Instant At, Address Source, IgmpType Type, Address Group, byte[] Packet)
{
    /// <summary>Whether it is a General Query.</summary>
    public bool IsGeneralQuery => Type == IgmpType.MembershipQuery && Group.IsUnspecified;

    /// <summary>The records of a version 3 report, one line each: <c>Allow 232.1.1.1 10.0.0.9</c>.</summary>
    public IReadOnlyList<string> Records =>
        Type == IgmpType.V3MembershipReport && IgmpPacket.TryRead(Packet, out var message) == PacketError.None
            ? [.. message.Report.ToContent().Records.Select(each => $"{each.Type} {each.Group} {string.Join(',', each.Sources)}".TrimEnd())]
            : [];
}

/// <summary>Hears and sends IGMP on <c>eth0</c> of a namespace, past its kernel's own stack.</summary>
internal sealed class IgmpEar : IDisposable
{
    private static readonly MacAddress Reports = MacAddress.ForGroup(Address.Parse("224.0.0.22"));

    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new();
    private readonly byte[] buffer = new byte[1500];
    private readonly List<SeenMessage> all = [];

    public IgmpEar(PrivateNetwork network) =>
        socket = network.Run(() =>
            PacketSocket.Open(
                "eth0",
                new PacketSocketOptions
                {
                    LinkHeader = false,
                    Filter = PacketFilter.Of(Dialect.Igmp.Filter),
                    AllMulticast = true,
                    ReceiveBufferBytes = 32 << 20,
                }));

    /// <summary>Everything that was taken so far, forgotten or not.</summary>
    public IReadOnlyList<SeenMessage> All => all;

    /// <summary>Waits for the next message that is so, and forgets those before it.</summary>
    public SeenMessage Next(Func<SeenMessage, bool> condition, string what)
    {
        var deadline = KernelClock.Monotonic + RouterProcess.Patience;
        var others = new List<SeenMessage>();
        while (KernelClock.Monotonic < deadline && socket.WaitForPacket(deadline - KernelClock.Monotonic))
        {
            foreach (var each in Take(1))
            {
                if (condition(each))
                    return each;
                others.Add(each);
            }
        }

        throw new TimeoutException(
            $"{what}: not seen, only {string.Join(", ", others.Select(each => $"{each.Type} {each.Group} from {each.Source}"))}");
    }

    /// <summary>What has come until now.</summary>
    public IReadOnlyList<SeenMessage> Pending()
    {
        var pending = new List<SeenMessage>();
        while (Take(batch.Capacity) is { Count: > 0 } some)
            pending.AddRange(some);
        return pending;
    }

    /// <summary>Sends an IGMPv3 report.</summary>
    public void Report(Address from, RecordType type, Address group, params Address[] sources)
    {
        var length = IgmpWriter.WriteReport(
            buffer, new ReportContent([new RecordContent(type, group, sources)]), from, Address.Parse("224.0.0.22"));
        Send(buffer.AsSpan(0, length), Reports);
    }

    /// <summary>Sends an IPv4 packet.</summary>
    public void Send(ReadOnlySpan<byte> packet, MacAddress destination) => socket.Send(packet, PacketSocketOptions.Ipv4, destination);

    public void Dispose()
    {
        socket.Dispose();
        batch.Dispose();
    }

    private List<SeenMessage> Take(int most)
    {
        using var one = most == 1 ? new PacketBatch(1) : null;
        var into = one ?? batch;
        var seen = new List<SeenMessage>();
        var count = socket.Receive(into);
        for (var i = 0; i < count; i++)
        {
            var packet = into[i];
            if (IgmpPacket.TryRead(packet.Bytes, out var message) != PacketError.None)
                throw new InvalidOperationException($"not a valid IGMP packet: {Convert.ToHexString(packet.Bytes)}");
            var group = message.Type == IgmpType.MembershipQuery ? message.Query.Group : Address.AnyV4;
            seen.Add(new SeenMessage(packet.At, message.Envelope.Source, message.Type, group, packet.Bytes.ToArray()));
        }

        all.AddRange(seen);
        return seen;
    }
}
