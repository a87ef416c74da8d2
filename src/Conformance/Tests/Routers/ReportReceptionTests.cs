using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// Which reports and leaves a router accepts, in whatever packet (RFC 9776 §4, §4.2): a report makes it remember the group, unless it is
/// malformed.
/// </summary>
internal static class ReportReceptionTests
{
    private const int TypeAt = 0;
    private const int ReservedAt = 1;
    private const int FlagsAt = 4;
    private const int OlderLength = 8;
    private const int ToExcludeType = 4;

    private static readonly Func<TesterPacket, TesterPacket> BadChecksum = packet => packet with { ChecksumOff = 1 };

    internal static IEnumerable<ConformanceTest> All => [.. Types, .. AcceptedPackets, .. IgnoredPackets, .. Lengths];

    /// <summary>What each type of message does (§4).</summary>
    private static IEnumerable<ConformanceTest> Types =>
    [
        Accepted(
            "report-type-is-known", ["V3-M-4-07"], "A report of version 3 makes the router remember the group.",
            "a report", packet => packet),
        Lasting(
            "version-1-report-type-is-known", ["V3-M-4-07"], "A report of version 1 makes the router remember the group.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.OlderReport(Generation.Reports, lab.G1);
                // A leave ends nothing while there is a member of version 1 (§7.3.2), and asks nothing therefore.
                if (lab.ShowsState)
                    await lab.ExpectShown(lab.G1, GroupShape.Exclude());
                else
                    throw Bench.CannotBegin("The device does not show its state, and nothing else tells");
            }),
        Lasting(
            "version-2-report-type-is-known", ["V3-M-4-07"], "A report of version 2 makes the router remember the group.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await ExpectLearnt(lab);
            }),
        Lasting(
            "version-2-leave-type-is-known", ["V3-M-4-07"], "A leave of version 2 makes the querier ask about the group.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, GroupShape.Exclude());
                await lab.Step("A host leaves as in version 2");
                var leave = await lab.Host1.OlderLeave(lab.G1);
                lab.ExpectSome(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave, within: lab.Timing.LastMemberQueryInterval);
            }),
        .. ((int[])[0x00, 0x13, 0x14, 0x18, 0x21, 0x23, 0x30, 0xFF]).Select(UnknownType),
    ];

    private static IEnumerable<ConformanceTest> AcceptedPackets =>
    [
        Accepted(
            "report-behind-long-options", ["V3-M-4.1.10-01"],
            "A report begins where the IP header ends, options included.",
            "a report in a packet with twelve bytes of options",
            packet => packet with { Options = new byte[] { 0x01, 0x01, 0x01, 0x01, 0x94, 0x04, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00 } }),
        .. ((int[])[1, 3]).Select(length => Accepted(
            FormattableString.Invariant($"report-with-{length}-extra-bytes"), ["V3-M-4.1.10-02"],
            "The checksum of a message of odd length is computed as if a zero byte followed.",
            FormattableString.Invariant($"a report with {length} bytes behind it"),
            packet => packet.Followed([.. Enumerable.Repeat((byte)0xA5, length)]))),
        Accepted(
            "report-with-reserved-byte-set", ["V3-M-4.2.1-02"], "The reserved byte of a report is ignored.",
            "a report with the reserved byte set", packet => packet.With(bytes => bytes[ReservedAt] = 0xFF)),
        Accepted(
            "report-with-reserved-word-set", ["V3-M-4.2.1-02"],
            "The two bytes before the number of records of a report are ignored as far as they are not known.",
            "a report with flags",
            packet => packet.With(bytes => (bytes[FlagsAt], bytes[FlagsAt + 1]) = (0x7F, 0xFF))),
        Accepted(
            "report-from-no-address", ["V3-R-4.2.14-01"],
            "A router accepts a report whose source address is unspecified.",
            "a report without a source address", (lab, packet) => packet with { Source = lab.Dialect.Unspecified }),
        Accepted(
            "current-state-report-from-no-address", ["V3-R-4.2.14-01"],
            "A router accepts a report of the present state whose source address is unspecified.",
            "a report without a source address", (lab, packet) => packet with { Source = lab.Dialect.Unspecified }, RecordType.IsExclude),
        Lasting(
            "leave-from-no-address", ["V3-R-4.2.14-01"],
            "A router asks about a group that is left by a report whose source address is unspecified.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, GroupShape.Exclude());
                await lab.Step("A host without an address leaves");
                var leave = await lab.Host1.Report(packet => packet with { Source = lab.Dialect.Unspecified }, ToInclude(lab.G1));
                lab.ExpectSome(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave, within: lab.Timing.LastMemberQueryInterval);
            }),
        .. OlderReportTo("its-group", "its group", (lab, packet) => packet with { Destination = lab.G1 }, toGroup: true),
        .. OlderReportTo("the-router", "the device's own address", (lab, packet) => packet.To(lab.Plan.Device, lab.DeviceMac)),
        .. OlderReportTo("all-routers", "all routers", (lab, packet) => packet with { Destination = lab.Dialect.AllRouters }),
    ];

    private static IEnumerable<ConformanceTest> IgnoredPackets =>
    [
        .. ((byte[])[3, 17]).Select(protocol => Ignored(
            FormattableString.Invariant($"report-of-ip-protocol-{protocol}"), ["V3-M-4-01"],
            FormattableString.Invariant($"What looks like a report in a packet of IP protocol {protocol} is none."),
            FormattableString.Invariant($"a report in a packet of protocol {protocol}"), packet => packet with { Protocol = protocol })),
        Ignored(
            "report-with-wrong-checksum", ["V3-M-4.2.2-01"], "A report with a wrong checksum is not processed.",
            "a report with a wrong checksum", BadChecksum),
        Ignored(
            "report-with-checksum-left-out", ["V3-M-4.2.2-01"], "A report whose checksum is left out is not processed.",
            "a report with a checksum of zero", packet => packet with { Damage = bytes => bytes.AsSpan(2, 2).Clear() }),
        Ignored(
            "report-with-wrong-bit-in-last-source", ["V3-M-4.2.2-01"],
            "The checksum covers a report to its end: one with a wrong bit in the last source is not processed.",
            "a report with a wrong bit in its last source",
            (lab, packet) => packet with
            {
                Body = _ => new WireReport().With(ToExcludeType, lab.G1, [lab.S1, lab.S2]).ToBytes(),
                Damage = bytes => bytes[^1] ^= 0x01,
            }),
        Older("version-1-report-with-wrong-checksum", Generation.Reports),
        Older("version-2-report-with-wrong-checksum", Generation.Leaves),
        Lasting(
            "version-2-leave-with-wrong-checksum", ["V3-M-4.2.2-01"], "A leave with a wrong checksum is not processed.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, GroupShape.Exclude());
                await lab.Step("A leave with a wrong checksum");
                var leave = await lab.Host1.OlderLeave(lab.G1, BadChecksum);
                lab.ExpectNoQueries(lab.G1, leave);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, GroupShape.Exclude());
            }),
    ];

    /// <summary>
    /// What is too short (§4), in a frame that goes on with the rest: whoever reads beyond the packet's end finds a correct message.
    /// </summary>
    private static IEnumerable<ConformanceTest> Lengths =>
    [
        Short("short-version-1-report", "a report of version 1", lab => new SendOlderReport(Generation.Reports, lab.G1)),
        Short("short-version-2-report", "a report of version 2", lab => new SendOlderReport(Generation.Leaves, lab.G1)),
        Short("short-version-3-report", "a report of version 3", Joining),
        Lasting(
            "short-leave", ["V3-M-4-09"], "What is too short for a leave of version 2 is dropped.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, GroupShape.Exclude());
                await lab.Step("Leaves that are too short");
                var first = lab.Now;
                await SendCut(lab, "a leave", new SendLeave(lab.G1, lab.Dialect.AllRouters));
                lab.ExpectNoQueries(lab.G1, first);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, GroupShape.Exclude());

                await lab.Step("One that is not");
                var leave = await lab.Host1.OlderLeave(lab.G1);
                lab.ExpectSome(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave, within: lab.Timing.LastMemberQueryInterval);
            }),
    ];

    private static RouterTest Accepted(
        string name, string[] requirements, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Accepted(name, requirements, purpose, what, (_, packet) => change(packet));

    private static RouterTest Accepted(
        string name, string[] requirements, string purpose, string what, Func<RouterBench, TesterPacket, TesterPacket> change,
        RecordType type = RecordType.ToExclude) =>
        Lasting(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartQuerier();
                var report = new SendReport(new ReportContent([new RecordContent(type, lab.G1, [])]), lab.Dialect.ReportDestination);
                await lab.Host1.Send(report, what, packet => change(lab, packet));
                await ExpectLearnt(lab);
            });

    private static RouterTest[] OlderReportTo(
        string name, string where, Func<RouterBench, TesterPacket, TesterPacket> change, bool toGroup = false) =>
    [
        .. ((Generation[])[Generation.Reports, Generation.Leaves]).Select(generation => Lasting(
            FormattableString.Invariant($"version-{(int)generation + 1}-report-to-{name}"), ["V3-R-4.2.15-02"],
            FormattableString.Invariant($"A router accepts a report of version {(int)generation + 1} that is sent to {where}."),
            async lab =>
            {
                await lab.StartQuerier();
                if (!toGroup)
                    await KnowsReports(lab, generation);
                await lab.Host1.OlderReport(generation, lab.G1, packet => change(lab, packet));
                if (generation == Generation.Leaves)
                {
                    await ExpectLearnt(lab);
                    return;
                }

                if (!lab.ShowsState)
                    throw Bench.CannotBegin("The device does not show its state, and nothing else tells");
                await lab.ExpectState($"a record of {lab.G1}", state => state.Groups.Any(each => each.Group == lab.G1) ? null : "none");
            })),
    ];

    private static RouterTest Ignored(
        string name, string[] requirements, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Ignored(name, requirements, purpose, what, (_, packet) => change(packet));

    /// <summary>A test of a report that changes nothing, while the same in good makes the router remember the group.</summary>
    private static RouterTest Ignored(
        string name, string[] requirements, string purpose, string what, Func<RouterBench, TesterPacket, TesterPacket> change) =>
        Lasting(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Send(Joining(lab), what, packet => change(lab, packet));
                await PlayControl(lab, Joining(lab));
            });

    private static RouterTest Older(string name, Generation generation) => Lasting(
        name, ["V3-M-4.2.2-01"],
        FormattableString.Invariant($"A report of version {(int)generation + 1} with a wrong checksum is not processed."),
        async lab =>
        {
            await lab.StartQuerier();
            await KnowsReports(lab, generation);
            await lab.Host1.OlderReport(generation, lab.G1, BadChecksum);
            await lab.Pass(lab.Tolerance);
            await lab.ExpectGroup(lab.G1, GroupShape.None);
        });

    /// <summary>Whether reports of a version are known at all has a test of its own.</summary>
    private static async Task KnowsReports(RouterBench lab, Generation generation)
    {
        await lab.Host2.OlderReport(generation, lab.G2);
        if (!await lab.Has(lab.G2))
        {
            throw Bench.CannotBegin(
                FormattableString.Invariant($"Nothing shows that the device knows reports of version {(int)generation + 1}"));
        }
    }

    private static RouterTest UnknownType(int type) => Lasting(
        FormattableString.Invariant($"message-of-unknown-type-{type:x2}"), ["V3-M-4-08"],
        $"A message of the type 0x{type:X2}, which is none of IGMP, is silently dropped.",
        async lab =>
        {
            await lab.StartQuerier();
            Func<TesterPacket, TesterPacket> change = packet => packet.With(bytes => bytes[TypeAt] = (byte)type);
            await lab.Host1.Send(Joining(lab), $"a message of the type 0x{type:X2}", change);
            await lab.Host1.Send(
                new SendOlderReport(Generation.Leaves, lab.G1), $"a message of the type 0x{type:X2} and the length of version 2", change);
            await PlayControl(lab, Joining(lab));
        });

    private static RouterTest Short(string name, string what, Func<RouterBench, SendMessage> message) => Lasting(
        name, ["V3-M-4-09"], $"What is too short for {what} is dropped.",
        async lab =>
        {
            await lab.StartQuerier();
            await SendCut(lab, what, message(lab));
            await PlayControl(lab, Joining(lab));
        });

    /// <summary>Sends the beginnings of a message that are too short, each in a frame that has the rest behind the packet.</summary>
    private static async Task SendCut(RouterBench lab, string what, SendMessage message)
    {
        var whole = Array.Empty<byte>();
        Func<byte[], byte[]> keep = bytes => whole = bytes;
        var complete = new TesterPacket { Dialect = lab.Dialect, Message = message, Source = lab.Host1.Address, Body = keep };
        complete.ToFrame(lab.Host1.Mac);
        for (var i = 0; i < OlderLength; i++)
        {
            var length = i;
            await lab.Host1.Send(
                message, FormattableString.Invariant($"the first {length} bytes of {what}"),
                packet => packet with { Body = _ => whole[..length], Trailer = whole.AsMemory(length) });
        }
    }

    /// <summary>The device has nothing of the group, until the same host sends a correct report.</summary>
    private static async Task PlayControl(RouterBench lab, SendMessage good)
    {
        await lab.Pass(lab.Tolerance);
        await lab.ExpectGroup(lab.G1, GroupShape.None);

        await lab.Step("The host sends a correct report");
        await lab.Host1.Send(good, "a correct report");
        await ExpectLearnt(lab);
    }

    private static Task ExpectLearnt(RouterBench lab) => lab.ExpectGroup(lab.G1, GroupShape.Exclude());

    private static SendReport Joining(RouterBench lab) =>
        new(new ReportContent([ToExclude(lab.G1)]), lab.Dialect.ReportDestination);
}
