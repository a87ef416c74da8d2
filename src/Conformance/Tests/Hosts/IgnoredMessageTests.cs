using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>Messages that a host has to ignore, and after which it goes on as before (RFC 9776 §4).</summary>
internal static class IgnoredMessageTests
{
    private const int Query = 0x11;
    private const int Version1Report = 0x12;
    private const int Version2Report = 0x16;
    private const int Leave = 0x17;
    private const int Version3Report = 0x22;

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. ((int[])[0x00, 0x13, 0x14, 0x18, 0x21, 0x23, 0x30, 0xFF]).Select(type => Ignored(
            FormattableString.Invariant($"ignores-message-of-type-{type:x2}"), ["V3-M-4-08"],
            "A message of an unknown type is discarded, however much it looks like a query.",
            lab =>
            [
                ($"a message of type 0x{type:X2} without a group", lab.Dialect.AllSystems, [(byte)type, 10, 0, 0, 0, 0, 0, 0]),
                ($"a message of type 0x{type:X2} like a query",
                    lab.Dialect.AllSystems, [(byte)type, 10, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0]),
                ($"a message of type 0x{type:X2} about the group", lab.G1, [(byte)type, 10, 0, 0, .. WireMessage.Bytes(lab.G1)]),
            ])),
        .. ((int[])[Query, Version1Report, Version2Report, Leave, Version3Report]).Select(type => Ignored(
            FormattableString.Invariant($"ignores-short-message-of-type-{type:x2}"), ["V3-M-4-09"],
            "A message that is shorter than the fixed part of its type is dropped.",
            lab => [.. Enumerable.Range(0, 8).Select(length => (
                FormattableString.Invariant($"{length} bytes of a message of type 0x{type:X2}"), lab.Dialect.AllSystems,
                new byte[] { (byte)type, 10, 0, 0, 0, 0, 0 }[..Math.Min(length, 7)]))])),
        Ignored(
            "ignores-malformed-reports", ["V3-M-4.2.4-03"],
            "Reports of other hosts whose counts go beyond the packet do the host no harm.",
            lab =>
            [
                ("a report of three records that has one", lab.Dialect.ReportDestination,
                    [Version3Report, 0, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0, .. WireMessage.Bytes(lab.G1)]),
                ("a report of 65535 records that has none", lab.Dialect.ReportDestination, [Version3Report, 0, 0, 0, 0, 0, 0xFF, 0xFF]),
                ("a record of 1000 sources that has two", lab.G1,
                    [
                        Version3Report, 0, 0, 0, 0, 0, 0, 1, 6, 0, 3, 0xE8, .. WireMessage.Bytes(lab.G1), .. WireMessage.Bytes(lab.S1),
                        .. WireMessage.Bytes(lab.S2),
                    ]),
                ("a record with 255 words of auxiliary data that has none", lab.Dialect.AllSystems,
                    [Version3Report, 0, 0, 0, 0, 0, 0, 1, 4, 0xFF, 0, 0, .. WireMessage.Bytes(lab.G1)]),
            ]),
        new HostTest(
            "report-without-records-is-ignored", ["V3-M-4.2.4-02"], "What a host makes of a report without records.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("Another host sends a report without records");
                var sent = await lab.SendBytes(
                    lab.Host1, lab.Dialect.AllSystems, [Version3Report, 0, 0, 0, 0, 0, 0, 0], "a report without records");
                var answer = await lab.Seen(AnyMessage().From(lab.Device), sent, lab.ResponseTime);
                lab.Observe(answer is null ? "ignores a report without records" : $"answers a report without records: {answer}");
            }),
        new HostTest(
            "older-report-with-wrong-checksum-does-not-suppress", ["V3-M-4.2.2-01"],
            "A report with a wrong checksum is not processed: one of version 2 does not take the place of the host's own.",
            async lab =>
            {
                await lab.StartOlder(Generation.Leaves, IsExclude(lab.G1));

                await lab.Step("The querier asks, and another host answers, with a wrong checksum");
                var (asked, _) = await lab.AskAnd(
                    lab.OlderGeneral(Generation.Leaves),
                    () => lab.Host1.OlderReport(Generation.Leaves, lab.G1, packet => packet with { ChecksumOff = 1 }), lab.ResponseTime);
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G1, asked);
            }),
    ];

    private static HostTest Ignored(
        string name, string[] requirements, string purpose,
        Func<HostBench, IReadOnlyList<(string What, Address Destination, byte[] Bytes)>> messages) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step("What is to be ignored is sent");
                Moment? first = null;
                foreach (var (what, destination, bytes) in messages(lab))
                {
                    var sent = await lab.SendBytes(lab.Querier, destination, bytes, what);
                    first ??= sent;
                }

                lab.ExpectNoneAfter(AnyMessage(), first!);
                await lab.ExpectGoesOn(lab.G1);
            });
}
