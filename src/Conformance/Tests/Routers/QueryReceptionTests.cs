using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// Which queries of other routers a router accepts, in whatever packet (RFC 9776 §4.1, §7.1). A General Query from a lower address that is
/// accepted ends the querier's duty, a specific one lowers timers.
/// </summary>
internal static class QueryReceptionTests
{
    private const int FlagsAt = 8;
    private const int IntervalCodeAt = 9;
    private const int SourceCountAt = 10;
    private const int Version2Length = 8;

    // Codes from 128 on are floating-point numbers (V3-M-4.1.1-02): in seconds where they are of a Query Interval (§4.1.7).
    private static readonly (int Code, int Value)[] Codes =
    [
        (0x80, 128), (0x81, 136), (0x8F, 248), (0x90, 256), (0xA0, 512), (0xB3, 1216), (0xF0, 16384), (0xFF, 31744),
    ];

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Codes.Select(each => Decoded(each.Code, each.Value)),
        Accepted(
            "query-type-is-known", ["V3-M-4-07"], "A router takes part in the election when it receives a query.",
            "a General Query", packet => packet),
        Accepted(
            "query-to-the-router-itself", ["V3-R-4.1.12-02"], "A router processes queries that are sent to its own address.",
            "a General Query to the device's own address", (lab, packet) => packet.To(lab.Plan.Device, lab.DeviceMac)),
        Accepted(
            "query-behind-long-options", ["V3-M-4.1.10-01"],
            "The options of the IP header are no part of the length of a query: eight bytes of them, and a General Query is one.",
            "a General Query in a packet with eight bytes of options", packet => packet with { Options = LongOptions }),
        .. ((int[])[4, 5, 400]).Select(length => Accepted(
            FormattableString.Invariant($"query-with-{length}-extra-bytes"), ["V3-M-4.1.10-03"],
            FormattableString.Invariant($"{length} bytes behind a query count in its checksum and are otherwise ignored."),
            FormattableString.Invariant($"a General Query and {length} bytes behind it"),
            packet => packet.Followed([.. Enumerable.Range(1, length).Select(i => (byte)(i * 37))]))),
        .. ((int[])[0x10, 0x20, 0x40, 0x70]).Select(flags => Accepted(
            FormattableString.Invariant($"query-with-unknown-flags-{flags:x2}"), ["V3-M-4.1.4-02"],
            "A query with a flag that the router does not know is processed as one without.",
            $"a General Query with the flags 0x{flags:X2}", packet => packet.With(bytes => bytes[FlagsAt] |= (byte)flags))),
        Accepted(
            "query-with-extension-flag", ["V3-M-4.1.4-02"],
            "A query with the extension bit and an extension behind it is processed as one without.",
            "a General Query with an extension", packet => packet.With(bytes => bytes[FlagsAt] |= 0x80).Followed(0, 1, 0, 4, 1, 2, 3, 4)),
        LastingTest.SlowlyEnding(
            "query-flags-do-not-change-qrv", ["V3-M-4.1.4-02"],
            "Unknown flags of a query are not taken for a part of the S flag or of the Robustness Variable.",
            PlayFlags),
        new RouterTest(
            "query-of-version-2-in-a-padded-frame", ["V3-M-4.1.10-01"],
            "The length of a query is that of the IP packet: what pads the frame does not make version 3 of a query of version 2.",
            PlayPadded),
        Ignored(
            "query-with-wrong-checksum", ["V3-M-4.1.2-02"], "A query with a wrong checksum is not processed.",
            "a General Query with a wrong checksum", packet => packet with { ChecksumOff = 1 }),
        Ignored(
            "query-with-checksum-left-out", ["V3-M-4.1.2-02"], "A query whose checksum is left out is not processed.",
            "a General Query with a checksum of zero", packet => packet with { Damage = bytes => bytes.AsSpan(2, 2).Clear() }),
        Ignored(
            "query-with-wrong-checksum-in-its-end", ["V3-M-4.1.2-02"],
            "The checksum covers what is behind a query: a query with a bit wrong there is not processed.",
            "a General Query with a wrong bit behind it",
            packet => packet.Followed(1, 2, 3, 4) with { Damage = bytes => bytes[^1] ^= 0x10 }),
        LastingTest.SlowlyEnding(
            "specific-query-with-wrong-checksum", ["V3-M-4.1.2-02"],
            "A Group-Specific Query with a wrong checksum lowers no timer.",
            lab => PlayNotLowering(
                lab, GroupShape.Exclude(), null,
                [("a Group-Specific Query with a wrong checksum", lab.Specific(lab.G1), packet => packet with { ChecksumOff = 0x0100 })])),
        .. ((string[])["unicast", "broadcast"]).Select(kind => Ignored(
            $"query-about-{kind}-address", ["V3-M-4.1.3-02"],
            "A query whose group is no group is ignored, and not taken for a General Query.",
            "a query about an address that is no group",
            lab => lab.Plan.NoGroups[kind])),
        Ignored(
            "query-about-all-systems", ["V3-M-4.1.3-02"],
            "A query about the group of all systems is not taken for a General Query.",
            "a query about the group of all systems", lab => lab.Dialect.AllSystems, unlessElects: true),
        Ignored(
            "query-about-reserved-group", ["V3-M-4.1.3-02"],
            "A query about an address among the groups that is none is not taken for a General Query.",
            "a query about an address among the groups that is none", lab => lab.Plan.ReservedGroup, unlessElects: true),
        LastingTest.SlowlyEnding(
            "query-about-other-sources-than-it-has", ["V3-M-4.1.8-03"],
            "A query that says to have more sources than it has lowers no timer.",
            lab => PlayNotLowering(
                lab, GroupShape.Include(lab.S1, lab.S2), lab.S1,
                [
                    ("a query of ten sources that has two", lab.Specific(lab.G1, lab.S1, lab.S2), packet => packet.With(Counting(10))),
                    ("a query of 65535 sources that has none", lab.Specific(lab.G1), packet => packet.With(Counting(0xFFFF))),
                ])),
        Ignored(
            "truncated-query-about-group", ["V3-M-4.1.8-03"],
            "A query that says to have more sources than it has is dropped as a whole: its sender does not become the querier.",
            "a query of ten sources that has two",
            lab => (lab.Specific(lab.G1, lab.S1, lab.S2), packet => packet.With(Counting(10)))),
        Ignored(
            "truncated-general-query", ["V3-M-4.1.8-03"],
            "A General Query that says to have sources and has none is dropped as a whole: its sender does not become the querier.",
            "a General Query of 65535 sources that has none", packet => packet.With(Counting(0xFFFF))),
        LastingTest.SlowlyEnding(
            "extra-bytes-of-query-are-no-sources", ["V3-M-4.1.10-03"],
            "Bytes behind a Group-Specific Query are not taken for sources: it lowers the group timer.",
            PlayExtraSources),
        .. ((int[])[4, 7, 9, 10, 11]).Select(length => Ignored(
            FormattableString.Invariant($"query-of-{length}-bytes"), ["V3-X-7.1-04"],
            FormattableString.Invariant($"A query of {length} bytes is of no version, and silently ignored."),
            FormattableString.Invariant($"a query of {length} bytes"), Cut(length))),
        new RouterTest(
            "short-query", ["V3-M-4-09"],
            "What is too short for a query is dropped.",
            async lab =>
            {
                await lab.StartQuerier();
                var last = lab.Now;
                for (var length = 0; length < Version2Length; length++)
                    last = await General(lab, FormattableString.Invariant($"a query of {length} bytes"), Cut(length));
                await PlayControl(lab, last);
            }),
    ];

    // Router Alert, three times No Operation, End of Option List (RFC 791 §3.1).
    private static byte[] LongOptions => [0x94, 0x04, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00];

    private static RouterTest Accepted(
        string name, string[] requirements, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Accepted(name, requirements, purpose, what, (_, packet) => change(packet));

    private static RouterTest Accepted(
        string name, string[] requirements, string purpose, string what, Func<RouterBench, TesterPacket, TesterPacket> change) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartQuerier();
                var query = await General(lab, what, packet => change(lab, packet));
                lab.ExpectGivesWay(query);
            });

    private static RouterTest Ignored(
        string name, string[] requirements, string purpose, string what, Func<TesterPacket, TesterPacket> change) =>
        Ignored(name, requirements, purpose, what, lab => (lab.General, change));

    private static RouterTest Ignored(
        string name, string[] requirements, string purpose, string what, Func<RouterBench, Address> group, bool unlessElects = false) =>
        Ignored(
            name, requirements, purpose, what,
            lab => (lab.Specific(group(lab)), packet => packet with { Destination = lab.Dialect.AllSystems }), unlessElects);

    /// <summary>A test of a query from a lower address that changes nothing, while the same in good ends the querier's duty.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="requirements">What it shows.</param>
    /// <param name="purpose">What it is to show.</param>
    /// <param name="what">What is sent, in words.</param>
    /// <param name="bad">What is sent.</param>
    /// <param name="unlessElects">
    /// Whether it says nothing about a router that lets every query elect, as RFC 3376 can be read: it need not take it for a General one.
    /// </param>
    private static RouterTest Ignored(
        string name, string[] requirements, string purpose, string what,
        Func<RouterBench, (QueryContent Query, Func<TesterPacket, TesterPacket> Change)> bad, bool unlessElects = false) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartQuerier();
                if (unlessElects)
                {
                    var specific = await lab.Low.Query(lab.Specific(lab.G9));
                    if (await lab.Seen(
                        AnyGeneralQuery().From(lab.Device).On(Bench.Lan), specific,
                        lab.Timing.QueryInterval) is null)
                    {
                        throw Bench.CannotBegin("The device lets queries of every kind elect the querier");
                    }
                }

                await lab.Step($"A router with a lower address sends {what}");
                var (query, change) = bad(lab);
                var sent = await lab.Low.Send(new SendQuery(query, lab.Dialect.AllSystems), what, change);
                await PlayControl(lab, sent);
            });

    /// <summary>The querier goes on, until the same station sends a query as it should be.</summary>
    private static async Task PlayControl(RouterBench lab, Moment ignored)
    {
        lab.ExpectGoesOn(ignored);

        await lab.Step("It sends a correct one");
        var good = await lab.Low.Query(lab.General);
        lab.ExpectGivesWay(good);
    }

    private static async Task PlayFlags(RouterBench lab)
    {
        const int flags = 0xF0;
        await lab.StartQuerier();
        NeedsState(lab);
        await lab.Follow(lab.Low);
        foreach (var group in (Address[])[lab.G1, lab.G2])
            await lab.Bring(group, GroupShape.Exclude());
        await PlainLowers(lab, lab.G2);
        await lab.Low.Query(lab.General with { RobustnessVariable = 5 });
        if (!await lab.ComesTo(state => state.Timing.RobustnessVariable == 5))
            throw Bench.CannotBegin("The device does not take over the querier's Robustness Variable");

        await lab.Step("The querier sends queries with all flags set");
        var robustness = lab.Timing.RobustnessVariable;
        await General(lab, "a General Query with all flags", packet => packet.With(bytes => bytes[FlagsAt] = (byte)(flags | robustness)));
        await lab.ExpectState(
            FormattableString.Invariant($"a Robustness Variable of {robustness}"),
            state => state.Timing.RobustnessVariable == robustness
                ? null
                : FormattableString.Invariant($"it is {state.Timing.RobustnessVariable}"));
        var specific = await lab.Low.Send(
            new SendQuery(lab.Specific(lab.G1), lab.G1), "a Group-Specific Query with all flags but S",
            packet => packet.With(bytes => bytes[FlagsAt] = (byte)(flags | robustness)));
        await lab.ExpectShown(lab.G1, GroupShape.Exclude(), Lowered(lab, null, specific));
    }

    private static RouterTest Decoded(int code, int value) => new(
        FormattableString.Invariant($"query-interval-code-{code}"), ["V3-M-4.1.1-02", "V3-R-4.1.7-02"],
        FormattableString.Invariant($"A router that takes over the querier's Query Interval reads 0x{code:X2} as {value} seconds."),
        async lab =>
        {
            const int linear = 100;
            await lab.StartQuerier();
            NeedsState(lab);
            await lab.Low.Query(lab.General, packet => packet.With(bytes => bytes[IntervalCodeAt] = linear));
            if (!await lab.ComesTo(state => state.Timing.QueryInterval == linear.Seconds()))
                throw Bench.CannotBegin("The device does not take over the querier's Query Interval");

            await lab.Step("The querier announces a longer interval");
            await lab.Low.Query(lab.General, packet => packet.With(bytes => bytes[IntervalCodeAt] = (byte)code));
            await lab.ExpectState(
                $"a Query Interval of {value.Seconds().InWords()}",
                state => state.Timing.QueryInterval == value.Seconds() ? null : $"it is {state.Timing.QueryInterval.InWords()}");
        });

    /// <summary>
    /// The frame goes on with what would make a correct query of version 3 of it, checksum and all: of another Query Interval.
    /// </summary>
    private static async Task PlayPadded(RouterBench lab)
    {
        const byte robustness = 2;
        const byte interval = 77;
        byte[] trailer =
        [
            robustness, interval, 0, 0,
            unchecked((byte)~robustness), unchecked((byte)~interval), 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        await lab.StartQuerier();
        var old = lab.General with { Generation = Generation.Leaves };
        // What such queries do in version 3 has tests of its own.
        var first = await lab.Low.Query(old);
        await lab.Pass(lab.Tolerance);
        if (await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, lab.Timing.QueryInterval) is not null)
            throw Bench.CannotBegin("The device ignores queries of version 2");

        await lab.Step($"{first}, and then again with bytes behind it");
        var query = await lab.Low.Query(old, packet => packet with { Trailer = trailer });
        lab.ExpectGivesWay(query);
        await lab.Pass(lab.Tolerance);
        await lab.ExpectState("the Query Interval that it was given", state => state.Timing.QueryInterval == lab.Timing.QueryInterval
            ? null
            : $"it is {state.Timing.QueryInterval.InWords()}");
        if (lab.ShowsState)
            return;
        // The other interval would make it wait longer.
        await lab.Step("The router with the lower address is silent");
        lab.Expect(
            AnyGeneralQuery().From(lab.Device).On(Bench.Lan), query,
            after: lab.Timing.OtherQuerierPresentInterval);
    }

    private static async Task PlayNotLowering(
        RouterBench lab, GroupShape shape, Address? source,
        (string What, QueryContent Query, Func<TesterPacket, TesterPacket> Change)[] queries)
    {
        await lab.StartQuerier();
        NeedsState(lab);
        await lab.Follow(lab.Low);
        var brought = await lab.Bring(lab.G1, shape);
        await lab.Pass(lab.Distinguishable);

        await lab.Step("The querier's queries are malformed");
        foreach (var (what, query, change) in queries)
            await lab.Low.Send(new SendQuery(query, lab.G1), what, change);
        await lab.Pass(lab.Tolerance);
        await lab.ExpectShown(
            lab.G1, shape, TimerLeft.Gmi(source, lab.Timing, source is null ? brought.Group : brought.Sources));

        await lab.Step("It sends a correct one");
        var good = await lab.Low.Query(lab.Specific(lab.G1, [.. source is { } asked ? new[] { asked } : []]));
        await lab.ExpectShown(lab.G1, shape, Lowered(lab, source, good));
    }

    private static async Task PlayExtraSources(RouterBench lab)
    {
        await lab.StartQuerier();
        NeedsState(lab);
        await lab.Follow(lab.Low);
        foreach (var group in (Address[])[lab.G1, lab.G2])
            await lab.Bring(group, GroupShape.Exclude());
        await PlainLowers(lab, lab.G2);

        await lab.Step("The querier asks about a group, and sources follow the query");
        var query = await lab.Low.Send(
            new SendQuery(lab.Specific(lab.G1), lab.G1), "a Group-Specific Query with two sources behind it",
            packet => packet.Followed([.. WireReport.Bytes(lab.S1), .. WireReport.Bytes(lab.S2)]));
        await lab.ExpectShown(lab.G1, GroupShape.Exclude(), Lowered(lab, null, query));
    }

    /// <summary>Whether queries lower timers at all has tests of its own.</summary>
    private static async Task PlainLowers(RouterBench lab, Address group)
    {
        await lab.Low.Query(lab.Specific(group));
        var most = lab.Timing.LastMemberQueryTime + lab.Tolerance;
        if (!await lab.ComesTo(state => state.Groups.FirstOrDefault(each => each.Group == group)?.Expires < most))
            throw Bench.CannotBegin("The device does not lower timers when it hears queries");
    }

    private static TimerLeft Lowered(RouterBench lab, Address? source, Moment query) =>
        new(source, lab.Timing.LastMemberQueryTime, lab.Timing.LastMemberQueryTime, query);

    private static void NeedsState(RouterBench lab)
    {
        if (!lab.ShowsState)
            throw Bench.CannotBegin("The device does not show its state, and nothing else tells");
    }

    private static Task<Moment> General(RouterBench lab, string what, Func<TesterPacket, TesterPacket> change) =>
        lab.Low.Send(new SendQuery(lab.General, lab.Dialect.AllSystems), what, change);

    private static Func<TesterPacket, TesterPacket> Cut(int length) => packet => packet with { Body = bytes => bytes[..length] };

    private static Action<byte[]> Counting(int sources) => bytes =>
        (bytes[SourceCountAt], bytes[SourceCountAt + 1]) = ((byte)(sources >> 8), (byte)sources);
}
