using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The packets around what a router sends (RFC 9776 §4), and the checksum: judged by the bytes of every message.</summary>
internal static class SentPacketTests
{
    private const int InternetControl = 0xC0;

    // RFC 2113 §2.1.
    private static readonly byte[] RouterAlert = [0x94, 0x04, 0x00, 0x00];

    internal static IEnumerable<ConformanceTest> All =>
    [
        Lasting(
            "sent-as-ip-protocol-2", ["V3-M-4-01"],
            "What a router sends is IPv4 of protocol 2 with a correct header.",
            lab => lab.JudgeSent(Every(lab), "version 4, protocol 2 and a right header checksum", message =>
                (message.IpVersion, message.Protocol, WireMessage.Sum(message.Header)) switch
                {
                    (4, 2, 0xFFFF) => null,
                    (4, 2, _) => "a wrong header checksum",
                    var (version, protocol, _) =>
                        string.Create(CultureInfo.InvariantCulture, $"version {version} and protocol {protocol}"),
                })),
        Lasting(
            "sent-with-ttl-1", ["V3-M-4-02"],
            "What a router sends has a TTL of 1.",
            lab => lab.JudgeSent(Every(lab), "TTL 1", message => message.TimeToLive == 1
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"TTL {message.TimeToLive}"))),
        Lasting(
            "sent-as-internet-control", ["V3-M-4-04"],
            "What a router sends has the precedence Internetwork Control, a Type of Service of 0xC0.",
            lab => lab.JudgeSent(Every(lab), "a Type of Service of 0xC0", message => message.TypeOfService == InternetControl
                ? null
                : $"one of 0x{message.TypeOfService:X2}")),
        Lasting(
            "sent-with-router-alert", ["V3-M-4-06"],
            "What a router sends has the option Router Alert.",
            lab => lab.JudgeSent(Every(lab), "Router Alert", message => HasRouterAlert(message.Options)
                ? null
                : message.Options.IsEmpty ? "no options" : $"the options {Convert.ToHexString(message.Options)}")),
        Lasting(
            "sent-to-the-ethernet-address-of-its-group", ["V3-M-6.4-01"],
            "The Ethernet destination is made of the low 23 bits of the group.",
            lab => lab.JudgeSent(
                Every(lab), "the Ethernet address of its IP destination",
                message => message.EthernetDestination == EthernetOf(message.Destination) ? null : $"{message.EthernetDestination}",
                lab.Plan.Folded)),
        Lasting(
            "sent-with-checksum", ["V3-M-4.1.2-01"],
            "The checksum of what a router sends is right.",
            lab => lab.JudgeSent(Every(lab), "a right checksum", message => WireMessage.Sum(message.Body) == 0xFFFF
                ? null
                : $"the checksum 0x{message.Word(2):X4}")),
        Lasting(
            "sent-with-checksum-of-zero", ["V3-M-4.1.2-01"],
            "A query whose words sum up to all ones has a checksum of zero.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, GroupShape.Include(lab.S1));
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                if (await lab.Seen(Query(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), block, lab.Timing.LastMemberQueryInterval)
                    is not { } asked)
                {
                    throw Bench.CannotBegin("The device does not ask about a source that is blocked");
                }

                var source = Completing(WireMessage.Of(asked).Body, lab.G2, lab.S1);
                await lab.Bring(lab.G2, GroupShape.Include(source));

                await lab.Step($"A host blocks {source}, which makes the sum of the query all ones");
                block = await lab.Host1.Report(Block(lab.G2, source));
                if (!await lab.IsAsked(lab.G2, block))
                    throw Bench.CannotBegin("The device does not ask about a source that is blocked");
                lab.ExpectAlways(
                    lab.SentQueries(lab.G2), "the checksum 0x0000",
                    frame => WireMessage.Of(frame).Word(2) is var sum and not 0 ? $"the checksum 0x{sum:X4}" : null);
                await lab.PassLastMemberQueryTime();
            }),
    ];

    private static FramePattern Every(RouterBench lab) => lab.Sent("every message", _ => true);

    // RFC 1112 §6.4.
    private static MacAddress EthernetOf(Address group) => new(0x01_00_5E_00_00_00UL | (group.V4Bits & 0x7F_FFFF));

    private static bool HasRouterAlert(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != 0)
        {
            if (options.StartsWith(RouterAlert))
                return true;
            if (options[0] != 1 && (options.Length < 2 || options[1] < 2 || options[1] > options.Length))
                return false;
            options = options[(options[0] == 1 ? 1 : options[1])..];
        }

        return false;
    }

    /// <summary>The source that makes the words of a query about it sum up to all ones, given the query about another one.</summary>
    private static Address Completing(ReadOnlySpan<byte> query, Address group, Address source)
    {
        var bytes = query.ToArray();
        var upper = source.V4Bits & 0xFFFF_0000;
        bytes.AsSpan(2, 2).Clear();
        WireReport.Bytes(group).CopyTo(bytes, 4);
        WireReport.Bytes(Address.FromV4(upper)).CopyTo(bytes, 12);
        return Address.FromV4(upper | (uint)(0xFFFF - WireMessage.Sum(bytes)));
    }
}
