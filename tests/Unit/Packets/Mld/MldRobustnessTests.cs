using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>Whatever bytes come in: no exception, no allocation, and a result.</summary>
public sealed class MldRobustnessTests
{
    private const int Count = 100_000;

    [Fact]
    public void A_hundred_thousand_hostile_packets_are_read_without_exception_or_allocation()
    {
        var random = new Random(20250301);
        var packets = Enumerable
            .Range(0, Count)
            .Select(i => i % 4 == 0 ? MldMutations.Noise(random) : MldMutations.AnyPacket(random))
            .ToArray();
        var seen = new int[Enum.GetValues<PacketError>().Length];
        Walk(packets[0], seen);
        Array.Clear(seen);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0UL;
        foreach (var packet in packets)
            sum += Walk(packet, seen);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.Should().Be(0);
        sum.Should().NotBe(0);
        seen.Sum().Should().Be(Count);
        // The sample reaches every error of these layers, and enough of it is sound.
        seen[(int)PacketError.None].Should().BeGreaterThan(Count / 20);
        Enum.GetValues<PacketError>()
            .Where(each =>
                each.ToString().StartsWith("Ipv6", StringComparison.Ordinal) || each.ToString().StartsWith("Mld", StringComparison.Ordinal))
            .Append(PacketError.NotIcmpv6)
            .Where(error => seen[(int)error] == 0)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Every_beginning_of_a_packet_is_read_without_exception()
    {
        var seen = new int[Enum.GetValues<PacketError>().Length];
        foreach (var vector in MldVector.All.Values)
        {
            var packet = vector.Bytes;
            for (var length = 0; length < packet.Length; length++)
            {
                var cut = packet[..length];
                Dialect.Mld.TryRead(cut, out _).Should().Be(length < 40 ? PacketError.Ipv6TooShort : PacketError.Ipv6Truncated);
                if (length < 40)
                    continue;
                // The same where the header says so, as far as there is a message.
                (cut[4], cut[5]) = ((byte)((length - 40) >> 8), (byte)(length - 40));
                Walk(cut, seen);
                if (length >= 48)
                    Walk(Ipv6Packet.Mld(cut[48..]), seen);
            }
        }
    }

    // Reads everything that a protocol core could read.
    private static ulong Walk(byte[] bytes, int[] seen)
    {
        var error = Dialect.Mld.TryRead(bytes, out var message);
        seen[(int)error]++;
        if (error != PacketError.None)
            return 0;
        var sum = message.Envelope.Source.LowBits + message.Envelope.TimeToLive;
        switch (message.Kind)
        {
            case MessageKind.Query:
                var query = message.Query;
                sum += (ulong)(query.MaxResponseTime.Ticks + query.QueryInterval.Ticks + query.RobustnessVariable + (int)query.Kind);
                foreach (var source in query.Sources)
                    sum += source.LowBits;
                break;
            case MessageKind.Report:
                foreach (var record in message.Report)
                {
                    sum += record.Group.LowBits + (ulong)record.Type;
                    foreach (var source in record.Sources)
                        sum += source.LowBits;
                }

                break;
            default:
                sum += message.GroupMessage.Group.LowBits;
                break;
        }

        return sum;
    }
}
