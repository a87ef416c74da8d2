using FluentAssertions;
using MulticastLab.Lab.Engines.Wires;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Engines.Wires;

public sealed class ArpProbeTests
{
    private static readonly MacAddress Own = new(0x02_00_00_00_00_01);
    private static readonly MacAddress Devices = new(0x02_00_00_00_00_09);
    private static readonly Address Wanted = Address.Parse("10.0.0.9");

    [Fact]
    public void It_asks_everybody_without_an_address_of_its_own()
    {
        var frame = ArpProbe.Frame(Own, Wanted);

        // RFC 826: Ethernet, IPv4, lengths 6 and 4, request; RFC 5227 §1.1: the sender's address is 0.0.0.0.
        Convert.ToHexString(frame).Should().Be(
            "FFFFFFFFFFFF" + "020000000001" + "0806" + "0001" + "0800" + "0604" + "0001" + "020000000001" + "00000000" + "000000000000"
                + "0A000009");
    }

    [Fact]
    public void The_answer_tells_the_Ethernet_address() => ArpProbe.Answer(Reply(Wanted), Wanted).Should().Be(Devices);

    [Fact]
    public void What_is_no_answer_about_the_address_tells_nothing()
    {
        ArpProbe.Answer(Reply(Address.Parse("10.0.0.8")), Wanted).Should().BeNull();
        ArpProbe.Answer(ArpProbe.Frame(Devices, Wanted), Wanted).Should().BeNull();
        ArpProbe.Answer(Reply(Wanted).AsSpan(0, 40), Wanted).Should().BeNull();
        ArpProbe.Answer([], Wanted).Should().BeNull();
    }

    private static byte[] Reply(Address about) => Convert.FromHexString(
        "020000000001" + "020000000009" + "0806" + "0001" + "0800" + "0604" + "0002" + "020000000009"
            + Convert.ToHexString(about.ToIPAddress().GetAddressBytes()) + "020000000001" + "00000000");
}
