using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The packets around what a router sends (RFC 9776 §4), and the checksum: judged by the bytes of every message.</summary>
internal static class SentPacketTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. MessageFormats.OfAll.Select(each => Lasting(
            each.Name, [each.Requirement], $"What a router sends has {each.What}.",
            lab => lab.JudgeSent(Every(lab), each.What, message => each.Wrong(message, lab.Dialect), lab.Plan.Folded))),
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
                    frame => WireRules.ChecksumOfZero(WireMessage.Of(frame)));
                await lab.PassLastMemberQueryTime();
            }),
    ];

    private static FramePattern Every(RouterBench lab) => lab.Sent("every message", _ => true);

    /// <summary>The source that makes the words of a query about it sum up to all ones, given the query about another one.</summary>
    private static Address Completing(ReadOnlySpan<byte> query, Address group, Address source)
    {
        var bytes = query.ToArray();
        var upper = source.V4Bits & 0xFFFF_0000;
        bytes.AsSpan(2, 2).Clear();
        WireReport.Bytes(group).CopyTo(bytes, 4);
        WireReport.Bytes(Address.FromV4(upper)).CopyTo(bytes, 12);
        return Address.FromV4(upper | (uint)(WireRules.AllOnes - WireMessage.Sum(bytes)));
    }
}
