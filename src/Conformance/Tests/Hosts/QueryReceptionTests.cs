using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>
/// Which queries a host answers, in whatever packet they come (RFC 9776 §4.1, §9.1). The device listens to G1 and G2; what is to be ignored
/// is followed by a query that is to be answered, so that no device passes for being deaf.
/// </summary>
internal static class QueryReceptionTests
{
    private const int FlagsAt = 8;
    private const int SourceCountAt = 10;
    private const int Extension = 0x80;

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Destinations,
        .. Contents,
        .. Malformed,
        .. Policies,
    ];

    /// <summary>§4.1.12 and §9.1: where a query is sent to.</summary>
    private static IEnumerable<ConformanceTest> Destinations =>
    [
        Accepted(
            "accepts-group-query-to-the-group", ["V3-H-4.1.12-01"], "A Group-Specific Query to its group is answered.",
            "a query for a group to it", lab => lab.Specific(lab.G1), (_, packet) => packet),
        Accepted(
            "accepts-source-query-to-the-group", ["V3-H-4.1.12-01"], "A Group-and-Source-Specific Query to its group is answered.",
            "a query for a source to its group", lab => lab.Specific(lab.G1, lab.S1), (_, packet) => packet, included: true),
        Accepted(
            "accepts-general-query-to-its-own-address", ["V3-H-4.1.12-01"], "A General Query to the host's own address is answered.",
            "a General Query to the device's own address", lab => lab.General(), ToDevice),
        Accepted(
            "accepts-group-query-to-its-own-address", ["V3-H-4.1.12-01"], "A Group-Specific Query to the host's own address is answered.",
            "a query for a group to the device's own address", lab => lab.Specific(lab.G1), ToDevice),
        Accepted(
            "accepts-source-query-to-its-own-address", ["V3-H-4.1.12-01"],
            "A Group-and-Source-Specific Query to the host's own address is answered.",
            "a query for a source to the device's own address", lab => lab.Specific(lab.G1, lab.S1), ToDevice, included: true),
        Accepted(
            "accepts-group-query-to-all-systems", ["V3-H-4.1.12-01"], "A Group-Specific Query to all systems is answered.",
            "a query for a group to all systems", lab => lab.Specific(lab.G1),
            (lab, packet) => packet with { Destination = lab.Dialect.AllSystems }),
        Accepted(
            "accepts-group-query-to-another-group-of-its", ["V3-H-4.1.12-01"],
            "A Group-Specific Query to another group that the host has joined is answered.",
            "a query for a group to another one that is joined", lab => lab.Specific(lab.G1),
            (lab, packet) => packet with { Destination = lab.G2 }),
        Accepted(
            "accepts-query-from-the-unspecified-address", ["V3-H-5.2-24"],
            "A query from the unspecified address, as snooping switches send them, is answered.",
            "a General Query from the unspecified address", lab => lab.General(),
            (lab, packet) => packet with { Source = lab.Dialect.Unspecified }),
        Ignored(
            "ignores-general-query-to-a-group-of-its", ["V3-H-9.1-02"],
            "A General Query to another group than that of all systems is dropped, even if the host has joined it.",
            "a General Query to a group that is joined", lab => lab.General(), (lab, packet) => packet with { Destination = lab.G1 }),
        Ignored(
            "ignores-general-query-to-all-routers", ["V3-H-9.1-02"],
            "A General Query to the group of all routers is dropped.",
            "a General Query to all routers", lab => lab.General(),
            (lab, packet) => packet with { Destination = lab.Dialect.AllRouters }),
        Ignored(
            "ignores-general-query-without-router-alert", ["V3-H-9.1-01"], "A General Query without Router Alert is ignored.",
            "a General Query without Router Alert", lab => lab.General(), (_, packet) => packet.WithoutRouterAlert()),
        Ignored(
            "ignores-group-query-without-router-alert", ["V3-H-9.1-01"], "A Group-Specific Query without Router Alert is ignored.",
            "a query for a group without Router Alert", lab => lab.Specific(lab.G1), (_, packet) => packet.WithoutRouterAlert()),
        IgnoredOlder(
            "ignores-older-query-without-router-alert", ["V3-H-9.1-01"],
            "A General Query of version 2 without Router Alert is ignored: it is not answered, and changes no mode.",
            "a General Query of the version before without Router Alert", packet => packet.WithoutRouterAlert()),
    ];

    /// <summary>§4.1.4 to §4.1.10, §7.1: what a query may hold besides.</summary>
    private static IEnumerable<ConformanceTest> Contents =>
    [
        .. ((int[])[4, 5, 400]).Select(length => Accepted(
            FormattableString.Invariant($"accepts-query-with-{length}-extra-bytes"), ["V3-M-4.1.10-03"],
            FormattableString.Invariant($"{length} bytes behind a query count in its checksum and are otherwise ignored."),
            FormattableString.Invariant($"a General Query and {length} bytes behind it"), lab => lab.General(),
            (_, packet) => packet.Followed([.. Enumerable.Range(1, length).Select(i => (byte)(i * 37))]))),
        .. ((int[])[1, 3]).Select(length => Accepted(
            FormattableString.Invariant($"accepts-query-of-odd-length-with-{length}-more"), ["V3-M-4.1.10-02"],
            "The checksum of a query with bytes of an odd number behind it is computed as if a zero followed.",
            FormattableString.Invariant($"a General Query and {length} bytes behind it"), lab => lab.General(),
            (_, packet) => packet.Followed([.. Enumerable.Repeat((byte)0xA7, length)]))),
        new HostTest(
            "extra-bytes-are-no-sources", ["V3-M-4.1.10-03"],
            "Bytes behind a Group-Specific Query are not taken for sources: the whole group is answered for.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1, lab.S2));

                await lab.Step("The querier asks for a group, and the address of a source follows");
                var asked = await lab.Querier.Query(lab.Specific(lab.G1), packet => packet.Followed(WireMessage.Bytes(lab.S1)));
                lab.ExpectRecord(IsInclude(lab.G1, lab.S1, lab.S2), asked);
            }),
        .. ((int[])[0x10, 0x20, 0x40, 0x70]).Select(flags => Accepted(
            FormattableString.Invariant($"accepts-query-with-unknown-flags-{flags:x2}"), ["V3-M-4.1.4-02"],
            "A query with flags that the host does not know is processed as one without.",
            $"a General Query with the flags 0x{flags:X2}", lab => lab.General(),
            (_, packet) => packet.With(bytes => bytes[FlagsAt] |= (byte)flags))),
        Accepted(
            "accepts-query-with-extension", ["V3-M-4.1.4-02"],
            "A query with the extension bit and an extension behind it is processed as one without.",
            "a General Query with an extension", lab => lab.General(),
            (_, packet) => packet.With(bytes => bytes[FlagsAt] |= Extension).Followed(0, 1, 0, 4, 1, 2, 3, 4)),
        new HostTest(
            "unknown-flags-do-not-change-qrv", ["V3-M-4.1.4-02"],
            "Unknown flags of a query are not taken for a part of the Robustness Variable, by which a host repeats its changes.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("A query with all flags set announces the Robustness Variable that the device has");
                var asked = await lab.Querier.Query(lab.General(), packet => packet.With(bytes => bytes[FlagsAt] |= 0x70));
                await lab.Pass(lab.ResponseTime + lab.Tolerance);
                if (lab.First(ReportOf(lab.G1).From(lab.Device), asked) is null)
                    throw Bench.CannotBegin("The device does not answer a query with flags");
                var join = await lab.Device.Join(lab.G2);
                lab.Expect(
                    Naming(lab.G2).From(lab.Device), join, times: lab.Timing.RobustnessVariable,
                    every: Spacing.UpTo(lab.Timing.UnsolicitedReportInterval));
                await lab.PassRepetitions();
                lab.ExpectNone(Naming(lab.G2).From(lab.Device), lab.Now with { Name = "it has been repeated often enough" });
                await lab.Pass(lab.Timing.UnsolicitedReportInterval + (2 * lab.Tolerance));
            }),
        Accepted(
            "accepts-query-behind-long-options", ["V3-M-4.1.10-01"],
            "The options of the IP header are no part of the length of a query: behind eight bytes of them it is of the same version.",
            "a General Query in a packet with eight bytes of options", lab => lab.General(),
            (_, packet) => packet with { Options = LongOptions }),
        Older(
            "older-query-behind-long-options", "The options of the IP header do not make version 3 of a query of version 2.",
            "a General Query of the version before in a packet with eight bytes of options",
            packet => packet with { Options = LongOptions }),
        Older(
            "older-query-in-a-padded-frame", "What pads the frame does not make version 3 of a query of version 2.",
            "a General Query of the version before in a padded frame", packet => packet with { Trailer = new byte[14] }),
        Accepted(
            "query-of-12-bytes-is-current", ["V3-X-7.1-03"], "A query of 12 bytes is of version 3.",
            "a General Query", lab => lab.General(), (_, packet) => packet),
        Accepted(
            "query-of-16-bytes-is-current", ["V3-X-7.1-03"], "A query of 16 bytes is of version 3: it has one source.",
            "a query for one source", lab => lab.Specific(lab.G1, lab.S1), (_, packet) => packet, included: true),
        new HostTest(
            "query-of-1476-bytes-is-current", ["V3-X-7.1-03"], "A query of 1476 bytes is of version 3: it has 366 sources.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1));

                await lab.Step("The querier asks for 366 sources, among them the one that is listened to");
                var asked = await lab.Querier.Query(lab.Specific(lab.G1, [.. lab.Plan.ManySources(365), lab.S1]));
                lab.ExpectAnswered(lab.G1, asked);
            }),
    ];

    /// <summary>§4.1.2, §4.1.3, §4.1.8, §7.1: what makes no query.</summary>
    private static IEnumerable<ConformanceTest> Malformed =>
    [
        Ignored(
            "ignores-query-with-wrong-checksum", ["V3-M-4.1.2-02"], "A General Query with a wrong checksum is not processed.",
            "a General Query with a wrong checksum", lab => lab.General(), (_, packet) => packet with { ChecksumOff = 1 }),
        Ignored(
            "ignores-group-query-with-wrong-checksum", ["V3-M-4.1.2-02"],
            "A Group-Specific Query with a wrong checksum is not processed.",
            "a query for a group with a wrong checksum", lab => lab.Specific(lab.G1), (_, packet) => packet with { ChecksumOff = 0x0100 }),
        IgnoredOlder(
            "ignores-older-query-with-wrong-checksum", ["V3-M-4.1.2-02"],
            "A General Query of version 2 with a wrong checksum is not processed: it changes no mode.",
            "a General Query of the version before with a wrong checksum", packet => packet with { ChecksumOff = 1 }),
        Ignored(
            "ignores-query-with-checksum-left-out", ["V3-M-4.1.2-02"], "A query whose checksum is left out is not processed.",
            "a General Query with a checksum of zero", lab => lab.General(),
            (_, packet) => packet with { Damage = bytes => bytes.AsSpan(2, 2).Clear() }),
        Ignored(
            "ignores-query-with-wrong-checksum-in-its-end", ["V3-M-4.1.2-02"],
            "The checksum covers what is behind a query: a query with a bit wrong there is not processed.",
            "a General Query with a wrong bit behind it", lab => lab.General(),
            (_, packet) => packet.Followed(1, 2, 3, 4) with { Damage = bytes => bytes[^1] ^= 0x10 }),
        .. ((string[])["unicast", "broadcast"]).Select(kind => Ignored(
            $"ignores-query-about-{kind}-address", ["V3-M-4.1.3-02"],
            "A query whose group is no group is ignored, and not taken for a General Query.",
            "a query about an address that is no group", lab => lab.Specific(lab.Plan.NoGroups[kind]), ToAllSystems)),
        Ignored(
            "ignores-query-about-all-systems", ["V3-M-4.1.3-02"],
            "A query about the group of all systems is ignored, and not taken for a General Query.",
            "a query about the group of all systems", lab => lab.Specific(lab.Dialect.AllSystems), ToAllSystems,
            lab => lab.Dialect.AllSystems),
        Ignored(
            "ignores-query-about-reserved-group", ["V3-M-4.1.3-02"],
            "A query about an address among the groups that is none is ignored, and not taken for a General Query.",
            "a query about an address among the groups that is none", lab => lab.Specific(lab.Plan.ReservedGroup), ToAllSystems),
        Ignored(
            "ignores-query-of-ten-sources-that-has-two", ["V3-M-4.1.8-03"],
            "A query that says to have more sources than it has is dropped as a whole.",
            "a query of ten sources that has two", lab => lab.Specific(lab.G1, lab.S1, lab.S2), (_, packet) => packet.With(Counting(10))),
        Ignored(
            "ignores-query-of-65535-sources-that-has-none", ["V3-M-4.1.8-03"],
            "A query that says to have sources and has none is dropped, and not taken for a Group-Specific Query.",
            "a query of 65535 sources that has none", lab => lab.Specific(lab.G1), (_, packet) => packet.With(Counting(0xFFFF))),
        Ignored(
            "ignores-general-query-of-65535-sources-that-has-none", ["V3-M-4.1.8-03"],
            "A General Query that says to have sources and has none is dropped.",
            "a General Query of 65535 sources that has none", lab => lab.General(), (_, packet) => packet.With(Counting(0xFFFF))),
        .. ((int[])[4, 7, 9, 10, 11]).Select(length => Ignored(
            FormattableString.Invariant($"ignores-query-of-{length}-bytes"), ["V3-X-7.1-04"],
            FormattableString.Invariant($"A query of {length} bytes is of no version: it is not answered, and changes no mode."),
            FormattableString.Invariant($"a query of {length} bytes"), lab => lab.General(),
            (_, packet) => packet with { Body = bytes => bytes[..length] })),
        .. ((byte[])[3, 17]).Select(protocol => Ignored(
            FormattableString.Invariant($"ignores-query-of-protocol-{protocol}"), ["V3-M-4-01"],
            FormattableString.Invariant($"What looks like a query in a packet of IP protocol {protocol} is none."),
            FormattableString.Invariant($"a General Query in a packet of protocol {protocol}"), lab => lab.General(),
            (_, packet) => packet with { Protocol = protocol })),
    ];

    /// <summary>What is left to the host, or not worth a verdict.</summary>
    private static IEnumerable<ConformanceTest> Policies =>
    [
        .. ((byte[])[2, 255]).Select(ttl => Observed(
            FormattableString.Invariant($"query-with-ttl-{ttl}"), "V3-M-4-03",
            FormattableString.Invariant($"Whether a query with a TTL of {ttl} is answered."),
            FormattableString.Invariant($"a query with a TTL of {ttl}"), lab => lab.General(),
            packet => packet with { TimeToLive = ttl })),
        Observed(
            "query-with-type-of-service-0", "V3-M-4-05", "Whether a query with a Type of Service of 0 is answered.",
            "a query with a Type of Service of 0", lab => lab.General(), packet => packet with { TypeOfService = 0 }),
        .. ((ushort[])[0x0001, 0xFFFF]).Select(value => Observed(
            FormattableString.Invariant($"query-with-router-alert-value-{value:x4}"), "V3-M-2.1-01",
            "Whether a query with a reserved value of the Router Alert option is answered.",
            $"a query with a Router Alert of 0x{value:X4}", lab => lab.General(),
            packet => packet with { Options = new byte[] { 0x94, 0x04, (byte)(value >> 8), (byte)value } })),
        Observed(
            "query-with-router-alert-behind-another-option", "V3-M-2.1-01",
            "Whether a query whose Router Alert is not its first option is answered.",
            "a query with Router Alert behind another option", lab => lab.General(),
            packet => packet with { Options = new byte[] { 0x01, 0x01, 0x94, 0x04, 0x00, 0x00, 0x01, 0x00 } }),
        Observed(
            "query-with-max-resp-code-0", "V3-M-4.1.1-03",
            "What a host makes of a version 3 query with a Max Resp Code of 0.",
            "a query with a Max Resp Code of 0", lab => lab.General(TimeSpan.Zero), packet => packet),
        Observed(
            "general-query-with-suppression", "V3-M-4.1.5-02", "Whether a General Query with the S flag set is answered.",
            "a General Query with the S flag", lab => lab.General() with { SuppressRouterSideProcessing = true }, packet => packet),
        Observed(
            "general-query-with-sources", "V3-M-4.1.8-01", "What a host makes of a query with sources and without a group.",
            "a query with sources and without a group", lab => lab.General() with { Sources = [lab.S1] }, packet => packet),
        new HostTest(
            "many-source-queries", ["V3-H-9.1-03"],
            "Whether a host that was asked for thousands of sources still answers for the whole group.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1, lab.S2));

                await lab.Step("The querier asks for ever other sources, granting a long time, and then for the group");
                var longer = 4 * lab.ResponseTime;
                foreach (var sources in lab.Plan.ManySources(40 * 366).Chunk(366))
                    await lab.Querier.Query(lab.Specific(lab.G1, sources) with { MaxResponseTime = longer });
                var asked = await lab.Querier.Query(lab.Specific(lab.G1));
                var answer = await lab.Seen(CurrentState(lab.G1).From(lab.Device), asked, lab.ResponseTime);
                lab.Observe(answer is null ? "does not answer for the group then" : $"still answers for the group: {answer}");
            }),
        new HostTest(
            "general-answer-of-several-reports", ["V3-H-5.2-13"],
            "How the answer to a General Query is spread over its Max Response Time when it does not fit into one report.",
            async lab =>
            {
                var groups = lab.Plan.ManyGroups(16);
                var sources = lab.Plan.ManySources(64);
                // 16 records of 264 bytes each are three reports.
                await lab.StartWith([.. groups.Select(each => IsInclude(each, sources))]);

                await lab.Step("The querier asks for all groups");
                var asked = await lab.Querier.Query(lab.General());
                await lab.Pass(lab.ResponseTime + lab.Tolerance);
                var told = lab.All(AnyAnswer().From(lab.Device), asked);
                if (told.Count == 0)
                    throw Bench.CannotBegin("The device does not answer a General Query");
                var (first, last) = ((told[0].At - asked.At).InWords(), (told[^1].At - asked.At).InWords());
                lab.Observe(FormattableString.Invariant($"answers by {told.Count} reports from {first} to {last} after the query"));
            }) { Preferred = ["lift-limits"] },
    ];

    // Router Alert, three times No Operation, End of Option List (RFC 791 §3.1).
    private static byte[] LongOptions => [0x94, 0x04, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00];

    private static HostTest Accepted(
        string name, string[] requirements, string purpose, string what, Func<HostBench, QueryContent> query,
        Func<HostBench, TesterPacket, TesterPacket> change, bool included = false) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                var state = included ? IsInclude(lab.G1, lab.S1) : IsExclude(lab.G1);
                await lab.StartWith(state, IsExclude(lab.G2));

                await lab.Step($"The querier sends {what}");
                var asked = await lab.Querier.Query(query(lab), packet => change(lab, packet));
                lab.ExpectAnswered(lab.G1, asked);
            });

    private static HostTest Ignored(
        string name, string[] requirements, string purpose, string what, Func<HostBench, QueryContent> query,
        Func<HostBench, TesterPacket, TesterPacket> change, Func<HostBench, Address>? also = null) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1), IsExclude(lab.G2));
                await lab.RequireAnswer(lab.G1);

                await lab.Step($"The querier sends {what}");
                var asked = await lab.Querier.Query(query(lab), packet => change(lab, packet));
                lab.ExpectNoneAfter(Naming(lab.G1), asked);
                lab.ExpectNoneAfter(Naming(lab.G2), asked);
                if (also?.Invoke(lab) is { } other)
                    lab.ExpectNoneAfter(Naming(other), asked);
                await lab.ExpectGoesOn(lab.G1);
            });

    private static HostTest IgnoredOlder(
        string name, string[] requirements, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step($"The querier sends {what}");
                var asked = await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves), change);
                lab.ExpectNoneAfter(Naming(lab.G1), asked);
                await lab.ExpectGoesOn(lab.G1);

                // It is not that the device knows no such query.
                await lab.Step("An older querier asks as it should");
                await lab.Pass(lab.ResponseTime);
                await lab.Settle(Generation.Leaves, IsExclude(lab.G1));
            });

    /// <summary>A query of the version before in a packet that some take for version 3: it is answered in its own version.</summary>
    private static HostTest Older(string name, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        new(
            name, ["V3-M-4.1.10-01"], purpose,
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step($"The querier sends {what}");
                var asked = await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves), change);
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G1, asked);
                lab.ExpectNoneAfter(AnyReport(), asked);
            });

    private static HostTest Observed(
        string name, string requirement, string purpose, string what, Func<HostBench, QueryContent> query,
        Func<TesterPacket, TesterPacket> change) =>
        new(
            name, [requirement], purpose,
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step($"The querier sends {what}");
                var asked = await lab.Querier.Query(query(lab), change);
                var answer = await lab.Seen(Naming(lab.G1).From(lab.Device), asked, lab.ResponseTime);
                lab.Observe(
                    answer is null
                        ? $"ignores {what}"
                        : $"answers {what}, {(answer.At - asked.At).InWords()} later: {answer}");
            });

    private static TesterPacket ToDevice(HostBench lab, TesterPacket packet) => packet.To(lab.Plan.Device, lab.DeviceMac);

    private static TesterPacket ToAllSystems(HostBench lab, TesterPacket packet) =>
        packet with { Destination = lab.Dialect.AllSystems };

    private static Action<byte[]> Counting(ushort sources) => bytes =>
    {
        bytes[SourceCountAt] = (byte)(sources >> 8);
        bytes[SourceCountAt + 1] = (byte)sources;
    };
}
