using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using static MulticastLab.Conformance.Benches.SwitchBench;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>What a switch cannot read goes to everybody (RFC 4541 §2.1.1, §2.1.2).</summary>
internal static class UnreadMessageTests
{
    // Types that RFC 9776 does not know: DVMRP's, and one that is not assigned.
    private const byte Dvmrp = 0x13;
    private const byte Unassigned = 0x42;

    private const ushort Experimental = 0x88B5;

    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        Unknown(
            "switch-floods-unknown-messages-to-all-systems", "A message of an unknown type to all systems goes to all ports.",
            Unassigned, lab => lab.Dialect.AllSystems),
        Unknown(
            "switch-floods-other-protocols-messages", "A message of a type of another protocol to all systems goes to all ports.",
            Dvmrp, lab => lab.Dialect.AllSystems),
        Unknown(
            "switch-floods-unknown-messages-to-a-group",
            "A message of an unknown type to a group goes to all ports: nothing says who wants it.",
            Unassigned, lab => lab.G9),
        new SwitchTest(
            "switch-learns-nothing-from-unknown-messages", ["V3-N-2.1.1-04"],
            "A message of an unknown type that names a group where a report does registers nothing.",
            async lab =>
            {
                await lab.Start();
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Settle();
                lab.ExpectAtLeast(
                    await lab.Host1.SendUnknown(Unassigned, lab.G1, lab.Dialect.AllSystems),
                    RouterPort, OtherPort);

                await lab.Step("The source sends");
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, OtherPort);
            }),
        Frame(
            "switch-floods-other-ip-multicast", "Multicast of the other version of IP goes to all ports.",
            _ => new MacAddress(0x3333_0000_0042), EtherType.Ipv6),
        Frame(
            "switch-floods-multicast-that-is-not-ip", "A frame to an Ethernet group that is not IP goes to all ports.",
            _ => new MacAddress(0x0300_0000_0042), Experimental),
        Frame(
            "switch-floods-what-is-not-ip-to-the-mac-of-a-group",
            "A frame that is not IP goes to all ports, also to the Ethernet address of an IP group with a member.",
            lab => MacAddress.ForGroup(lab.G1), Experimental),
    };

    private static SwitchTest Unknown(string name, string purpose, byte type, Func<SwitchBench, Address> to) =>
        new(name, ["V3-N-2.1.1-04"], purpose, async lab =>
        {
            await lab.StartSnooping();

            await lab.Step("Somebody sends it");
            lab.ExpectOnly(
                await lab.Host1.SendUnknown(type, lab.G9, to(lab)), RouterPort, OtherPort, SourcePort);
        });

    /// <summary>Sends a message of some type, with a group where a report has it.</summary>
    private static Task<Moment> SendUnknown(this Station host, byte type, Address group, Address to) => host.Send(
        new SendOlderReport(Generation.Leaves, group), $"a message of type 0x{type:X2} to {to}",
        packet => packet.With(bytes => bytes[0] = type) with { Destination = to });

    private static SwitchTest Frame(string name, string purpose, Func<SwitchBench, MacAddress> to, ushort type) =>
        new(name, ["V3-N-2.1.2-04"], purpose, async lab =>
        {
            await lab.StartSnooping();
            await lab.Host1.Report(IsExclude(lab.G1));
            await lab.Settle();

            await lab.Step("The source sends it");
            lab.ExpectOnly(
                await lab.Source.Send(Frame(lab.Source.Mac, to(lab), type), "a frame that is not IPv4"),
                RouterPort, MemberPort, OtherPort);
        });

    private static byte[] Frame(MacAddress from, MacAddress to, ushort type)
    {
        var payload = new byte[60];
        // As far as there is a version of IP, a header without anything behind it (RFC 8200 §3: next header 59, hop limit 1).
        (payload[0], payload[5], payload[6], payload[7]) = (0x60, 20, 59, 1);
        (payload[8], payload[9], payload[23]) = (0xFE, 0x80, 1);
        (payload[24], payload[25], payload[39]) = (0xFF, 0x0E, 0x42);
        var frame = new byte[EthernetView.HeaderLength + payload.Length];
        EthernetWriter.Write(frame, from, to, type, payload);
        return frame;
    }
}
