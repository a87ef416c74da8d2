using System.Buffers.Binary;
using FluentAssertions;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Tests.Packets.Igmp;
using MulticastLab.Tests.Packets.Mld;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>
/// The kernel's filter programs, carried out by an interpreter as the kernel's documentation describes it
/// (Documentation/networking/filter.rst).
/// </summary>
public sealed class PacketFilterTests
{
    public static TheoryData<string> Dialects => [Dialect.Igmp.Name, Dialect.Mld.Name];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_dialects_filter_picks_in_the_kernel_what_it_picks_in_the_program(string name)
    {
        var dialect = new[] { Dialect.Igmp, Dialect.Mld }.Single(each => each.Name == name);
        var program = PacketFilter.Of(dialect.Filter);
        var random = new Random(2711);
        int[] picked = [0, 0];
        for (var i = 0; i < 50_000; i++)
        {
            var packet = (i % 4) switch
            {
                0 => Mutations.AnyPacket(random),
                1 => Mutations.Noise(random),
                2 => MldMutations.AnyPacket(random),
                _ => MldMutations.Noise(random),
            };
            var isIt = dialect.Filter.Matches(packet);

            Takes(program, packet, dialect.Filter.EtherType).Should().Be(isIt, "of {0}", Convert.ToHexString(packet));
            Takes(program, packet, dialect.Filter.EtherType == EtherType.Ipv4 ? EtherType.Ipv6 : EtherType.Ipv4).Should().BeFalse();
            picked[isIt ? 1 : 0]++;
        }

        picked.Should().OnlyContain(count => count > 5_000);
    }

    // Whatever a dialect reads has come through its filter.
    [Fact]
    public void A_filter_lets_every_message_pass()
    {
        foreach (var vector in MldVector.All.Values.Where(each => each.Error == MulticastLab.Packets.PacketError.None))
            Dialect.Mld.Filter.Matches(vector.Bytes).Should().BeTrue(vector.Name);
        Dialect.Mld.Filter.Matches(MldVector.All["neg-unknown-type-201"].Bytes).Should().BeFalse("it is no MLD");
    }

    [Fact]
    public void Protocols_of_IPv4_are_picked_by_their_numbers()
    {
        var program = PacketFilter.Ipv4(2, 17);
        var packet = new byte[20];

        foreach (var protocol in Enumerable.Range(0, 256))
        {
            packet[9] = (byte)protocol;
            Takes(program, packet, EtherType.Ipv4).Should().Be(protocol is 2 or 17);
        }

        Takes(PacketFilter.Nothing, packet, EtherType.Ipv4).Should().BeFalse();
    }

    private static bool Takes(PacketFilter filter, byte[] packet, ushort etherType)
    {
        uint accumulator = 0, index = 0;
        for (var at = 0; ; at++)
        {
            var instruction = filter.Program[at];
            var operand = instruction.Operand;
            switch (instruction.Code)
            {
                case 0x28 when operand == FilterInstruction.LinkProtocol:
                    accumulator = etherType;
                    break;
                case 0x30 or 0x50:
                    var byteAt = operand - FilterInstruction.NetworkHeader + (instruction.Code == 0x50 ? index : 0);
                    if (byteAt >= packet.Length)
                        return false;
                    accumulator = packet[byteAt];
                    break;
                case 0x20:
                    var wordAt = operand - FilterInstruction.NetworkHeader;
                    if (wordAt + 4 > packet.Length)
                        return false;
                    accumulator = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan((int)wordAt));
                    break;
                case 0x04:
                    accumulator += operand;
                    break;
                case 0x64:
                    accumulator <<= (int)operand;
                    break;
                case 0x07:
                    index = accumulator;
                    break;
                case 0x05:
                    at += (int)operand;
                    break;
                case 0x15:
                    at += accumulator == operand ? instruction.JumpTrue : instruction.JumpFalse;
                    break;
                case 0x06:
                    return operand > 0;
                default:
                    throw new InvalidOperationException($"{instruction} is not known here.");
            }
        }
    }
}
