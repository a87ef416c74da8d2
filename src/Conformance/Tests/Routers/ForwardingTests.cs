using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>What is forwarded to a LAN, by the state of its members (RFC 9776 §6.3), as seen there.</summary>
internal static class ForwardingTests
{
    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        new RouterTest(
            "forwards-to-members-for-any-source", ["V3-R-6.3-07"],
            "A group in EXCLUDE mode without sources is forwarded, whatever the source.",
            async lab =>
            {
                await lab.StartQuerier();
                // A router that knows nothing of its neighbours yet may take a while.
                await lab.Check(
                    Bench.DeviceName, $"it forwards {lab.G1} while a host asks for all sources of it",
                    await lab.Forwards(lab.Host1, lab.S1, lab.G1) ? null : "nothing is forwarded");
            }) { Options = [Streaming.Option] },
        Starts(
            "forwards-sources-without-a-record", ["V3-R-6.3-07"],
            "In EXCLUDE mode a source without a record is forwarded, when others are blocked and others again asked for.",
            lab => (lab.G1, Exclude([lab.S1], [lab.S2]), lab.S3)),
        Starts(
            "forwards-included-source", ["V3-R-6.3-02"],
            "A source that is asked for in INCLUDE mode is forwarded.",
            lab => (lab.G1, Include(lab.S1), lab.S1)),
        Starts(
            "forwards-included-source-of-ssm-group", ["V3-R-6.3-02"],
            "A source that is asked for in INCLUDE mode is forwarded, in the range for source-specific multicast.",
            lab => (lab.Ssm, Include(lab.S1), lab.S1)),
        Starts(
            "forwards-source-asked-for-in-exclude-mode", ["V3-R-6.3-05"],
            "In EXCLUDE mode a source whose timer runs is forwarded.",
            lab => (lab.G1, Exclude([lab.S1], [lab.S2]), lab.S1)),
        NotForwarded(
            "does-not-forward-other-sources", ["V3-R-6.3-04"],
            "In INCLUDE mode a source that nobody asks for is not forwarded, while another is.",
            lab => (lab.G1, Include(lab.S1), lab.S2)),
        NotForwarded(
            "does-not-forward-other-sources-of-ssm-group", ["V3-R-6.3-04"],
            "In INCLUDE mode a source that nobody asks for is not forwarded, in the range for source-specific multicast.",
            lab => (lab.Ssm, Include(lab.S1), lab.S2)),
        NotForwarded(
            "does-not-forward-blocked-source", ["V3-R-6.3-06"],
            "In EXCLUDE mode a source that is blocked is not forwarded, and its record stays.",
            lab => (lab.G1, Exclude([lab.S1], [lab.S2]), lab.S2)),
        StopsAtExpiry(
            "expired-source-is-not-forwarded", ["V3-R-6.3-03"],
            "In INCLUDE mode a source is not forwarded any more when its timer has run out.",
            lab => lab.Ssm, lab => Include(lab.S1), lab => IsInclude(lab.Ssm, lab.S1)),
        StopsAtExpiry(
            "expired-group-is-not-forwarded", ["V3-R-6.2.2-02", "V3-R-6.5-02"],
            "A group that nobody has reported for the Group Membership Interval is not forwarded any more.",
            lab => lab.G1, _ => Exclude(), lab => IsExclude(lab.G1)),
        new RouterTest(
            "source-expired-in-exclude-mode-is-not-forwarded", ["V3-R-6.2.3-03"],
            "In EXCLUDE mode a source is not forwarded any more when its timer has run out, while the others are.",
            async lab =>
            {
                var interval = lab.Timing.GroupMembershipInterval;
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude([lab.S1]));
                var source = await lab.Flow(lab.S1, lab.G1, interval + 5.Seconds());
                var other = await lab.Flow(lab.S2, lab.G1, interval + 4.Seconds());

                await lab.Step("One host asks for the source once, another for all but this source again and again");
                var asked = await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                lab.Expect(source.On(Bench.Lan).Stops(lab.Tolerance, interval + Streaming.Follows, of: asked));
                lab.Expect(other.On(Bench.Lan).HasNoGap());
                for (var i = 1; i <= 4; i++)
                {
                    await lab.Host1.Report(IsExclude(lab.G1, lab.S1));
                    await lab.PassUntil(asked, i * interval / 4);
                }

                await lab.PassUntil(asked, interval + Streaming.Follows + (3 * lab.Tolerance));
            }) { Options = [Streaming.Option] },
        new RouterTest(
            "switch-to-include-keeps-streams", ["V3-R-6.2.2-03", "V3-R-6.5-01"],
            "When the group timer runs out, sources that are asked for are forwarded without a gap, and others no longer.",
            async lab =>
            {
                var interval = lab.Timing.GroupMembershipInterval;
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude([lab.S1]));
                var source = await lab.Flow(lab.S1, lab.G1, interval + 5.Seconds());
                var other = await lab.Flow(lab.S2, lab.G1, interval + 4.Seconds());

                await lab.Step("The group is reported for the last time, the source again and again");
                var last = await lab.Host1.Report(IsExclude(lab.G1, lab.S1));
                lab.Expect(source.On(Bench.Lan).HasNoGap());
                lab.Expect(other.On(Bench.Lan).Stops(lab.Tolerance, interval + Streaming.Follows, of: last));
                for (var i = 1; i <= 4; i++)
                {
                    await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                    await lab.PassUntil(last, i * interval / 4);
                }

                await lab.PassUntil(last, interval + Streaming.Follows + (3 * lab.Tolerance));
            }) { Options = [Streaming.Option] },
        new RouterTest(
            "join-keeps-stream", ["V3-R-6.4.2-40", "V3-R-6.3-07"],
            "A group is forwarded without a gap while a host that has joined is there, however long ago another was heard of.",
            async lab =>
            {
                var interval = lab.Timing.GroupMembershipInterval;
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude());
                var stream = await lab.Flow(lab.S1, lab.G1, interval + 3.Seconds());

                await lab.Step("A member answers for the last time, and another host joins");
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                var last = await lab.Host1.Report(IsExclude(lab.G1));
                await lab.PassUntil(last, interval / 2);
                await lab.Host2.Report(ToExclude(lab.G1));
                // The first one is forgotten by now, the second is not.
                await lab.PassUntil(last, interval + (3 * lab.Tolerance));
                await lab.ExpectShown(lab.G1, Exclude());
            })
        {
            Options = [Streaming.Option],
            Unfit = timing => timing.GroupMembershipInterval / 2 < 1.Seconds() ? "its groups live too short" : null,
        },
        Mixed(
            "exclude-lists-block-only-what-all-block", ["V3-R-6.4.1-21"],
            "Of two hosts with different lists of unwanted sources, each gets what it wants: only what both do not want is blocked.",
            lab => [IsExclude(lab.G1, lab.S1, lab.S2), IsExclude(lab.G1, lab.S2, lab.S3)], lab => [lab.S1, lab.S3], lab => [lab.S2]),
        Mixed(
            "include-and-exclude-of-a-source-forwards-it", ["V3-R-6.4.1-22"],
            "A source that one host wants and another does not is forwarded.",
            lab => [IsExclude(lab.G1, lab.S1), IsInclude(lab.G1, lab.S1)], lab => [lab.S1], _ => []),
        new RouterTest(
            "membership-survives-losses", ["V3-R-8.1-02"],
            "A group is forwarded without a gap while no more than RV − 1 rounds of reports in a row are lost.",
            async lab =>
            {
                var silence = (lab.Timing.RobustnessVariable * lab.Timing.QueryInterval) + (lab.Timing.QueryResponseInterval / 2);
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude());
                var stream = await lab.Flow(lab.S1, lab.G1, (2 * silence) + 3.Seconds());

                await lab.Step("Reports come only after every RV query intervals");
                var report = await lab.Host1.Report(IsExclude(lab.G1));
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                await lab.PassUntil(report, silence);
                report = await lab.Host1.Report(IsExclude(lab.G1));
                await lab.PassUntil(report, silence);
            }) { Options = [Streaming.Option] },
    };

    /// <summary>A stream that nobody gets until a group is in a state.</summary>
    private static RouterTest Starts(
        string name, IReadOnlyList<string> requirements, string purpose,
        Func<RouterBench, (Address Group, GroupShape State, Address Source)> of) =>
        new(name, requirements, purpose, async lab =>
        {
            var (group, state, source) = of(lab);
            await lab.StartForwarder();
            var stream = await lab.Stream(source, group, (2 * Streaming.Follows) + 2.Seconds() + (8 * lab.Tolerance));
            await lab.Pass((5 * stream.Every) + lab.Tolerance);

            await lab.Step($"Hosts report {group}");
            var report = lab.Now;
            await lab.Bring(group, state);
            lab.Expect(stream.On(Bench.Lan).Starts(within: Streaming.Follows, of: report));
            await lab.Pass(2 * Streaming.Follows);
        }) { Options = [Streaming.Option] };

    /// <summary>A stream that does not arrive in a state, and does when a host then asks for every source.</summary>
    private static RouterTest NotForwarded(
        string name, IReadOnlyList<string> requirements, string purpose,
        Func<RouterBench, (Address Group, GroupShape State, Address Source)> of) =>
        new(name, requirements, purpose, async lab =>
        {
            var (group, state, source) = of(lab);
            await lab.StartForwarder();
            await lab.Bring(group, state);
            await lab.Settle();

            await lab.Step($"{source} sends, which is not to be forwarded");
            var stream = await lab.Stream(source, group, (4 * Streaming.Follows) + (4 * lab.Tolerance));
            lab.Expect(stream.On(Bench.Lan).IsSilent());
            await lab.Pass(Streaming.Follows);
            await lab.ExpectShown(group, state);

            await lab.Step("A host asks for it");
            var report = await lab.Host3.Report(Allow(group, source));
            if (!await lab.Seen(stream.On(Bench.Lan), report, Streaming.Follows))
                throw Bench.CannotBegin($"The device does not forward {stream} when it is asked for: that it did not before shows nothing");
        }) { Options = [Streaming.Option] };

    /// <summary>A stream that arrives, until nobody has asked for it for the Group Membership Interval.</summary>
    private static RouterTest StopsAtExpiry(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, Address> group,
        Func<RouterBench, GroupShape> state, Func<RouterBench, RecordContent> last) =>
        new(name, requirements, purpose, async lab =>
        {
            await lab.StartForwarder();
            await lab.Bring(group(lab), state(lab));
            var stream = await lab.Flow(lab.S1, group(lab), lab.Timing.GroupMembershipInterval + 3.Seconds());

            await lab.Step("It is reported for the last time");
            var report = await lab.Host1.Report(last(lab));
            lab.Expect(stream.On(Bench.Lan).Stops(lab.Tolerance, lab.Timing.GroupMembershipInterval + Streaming.Follows, of: report));
        }) { Options = [Streaming.Option] };

    /// <summary>Two hosts that report by turns for longer than the Group Membership Interval.</summary>
    private static RouterTest Mixed(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, IReadOnlyList<RecordContent>> reports,
        Func<RouterBench, IReadOnlyList<Address>> forwarded, Func<RouterBench, IReadOnlyList<Address>> blocked) =>
        new(name, requirements, purpose, async lab =>
        {
            var lasting = lab.Timing.GroupMembershipInterval + lab.Timing.QueryInterval;
            await lab.StartForwarder();
            await Report();
            var streams = new List<DatagramStream>();
            foreach (var source in forwarded(lab))
            {
                var begin = lab.Now;
                var stream = await lab.Stream(source, lab.G1, lasting + Streaming.Follows + 6.Seconds());
                var arrives = await lab.Seen(stream.On(Bench.Lan), begin, Streaming.Follows);
                await lab.Check(Bench.DeviceName, $"it forwards {stream}", arrives ? null : "nothing is forwarded");
                if (arrives)
                    streams.Add(stream);
            }

            // What has changed so far is over.
            await lab.Settle();
            var silent = new List<DatagramStream>();
            foreach (var source in blocked(lab))
                silent.Add(await lab.Stream(source, lab.G1, lasting + 6.Seconds()));

            await lab.Step("Both answer every query");
            streams.ForEach(each => lab.Expect(each.On(Bench.Lan).HasNoGap()));
            silent.ForEach(each => lab.Expect(each.On(Bench.Lan).IsSilent()));
            for (var begin = lab.Now; lab.Now.At < begin.At + lasting;)
            {
                await Report();
                await lab.Pass(lab.Timing.QueryInterval / 2);
            }

            async Task Report()
            {
                foreach (var (record, host) in reports(lab).Zip([lab.Host1, lab.Host2]))
                {
                    await host.Report(record);
                    await lab.Settle();
                }
            }
        }) { Options = [Streaming.Option] };
}
