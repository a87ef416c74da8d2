using System.Buffers.Binary;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>A numbered datagram seen on a LAN.</summary>
/// <param name="Number">Its number.</param>
/// <param name="At">The kernel's timestamp.</param>
/// <param name="Group">Where it was sent to.</param>
internal readonly record struct SeenDatagram(int Number, Instant At, Address Group);

/// <summary>Captures the numbered datagrams that arrive on a host's <c>eth0</c>, member or not, with the kernel's timestamps.</summary>
internal sealed class Eavesdropper : IDisposable
{
    private const int UdpProtocol = 17;

    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new();

    public Eavesdropper(PrivateNetwork network) =>
        socket = network.Run(() =>
            PacketSocket.Open(
                "eth0",
                new PacketSocketOptions
                {
                    Protocol = PacketSocketOptions.Ipv4,
                    LinkHeader = false,
                    AllMulticast = true,
                    IgnoreOutgoing = true,
                    ReceiveBufferBytes = 32 << 20,
                }));

    /// <summary>Everything seen so far.</summary>
    public List<SeenDatagram> Seen { get; } = [];

    /// <summary>Waits for the datagram with this number; the numbers of all up to it, from the beginning.</summary>
    public IReadOnlyList<int> Until(int last)
    {
        while (true)
        {
            Take();
            var at = Seen.FindIndex(each => each.Number == last);
            if (at >= 0)
                return [.. Seen.Take(at + 1).Select(each => each.Number)];
            if (!socket.WaitForPacket(Eventually.Patience))
                throw new TimeoutException($"Datagram {last} has not come; seen: {string.Join(' ', Seen.Select(each => each.Number))}");
        }
    }

    /// <summary>The numbers of all that has come until now.</summary>
    public IReadOnlyList<int> Numbers()
    {
        Take();
        return [.. Seen.Select(each => each.Number)];
    }

    public void Dispose()
    {
        socket.Dispose();
        batch.Dispose();
    }

    private void Take()
    {
        while (socket.Receive(batch) > 0)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var packet = batch[i];
                var header = (packet.Bytes[0] & 15) * 4;
                if (packet.Bytes[9] == UdpProtocol && packet.Bytes.Length >= header + 12)
                    Seen.Add(
                        new SeenDatagram(
                            BinaryPrimitives.ReadInt32BigEndian(packet.Bytes[(header + 8)..]), packet.At,
                            Address.Read(packet.Bytes[16..20])));
            }
        }
    }
}
