using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>What a host says of source-specific groups (RFC 4604 §2, RFC 9776 §4.2.13).</summary>
internal static class SourceSpecificHostTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "ssm-join-without-sources", ["V3-S-2.1-01"],
            "What becomes of a join of a source-specific group without sources.",
            async lab =>
            {
                await lab.Start();
                var (join, refused) = await lab.Try(() => lab.Device.Join(lab.Ssm));
                var told = await lab.Seen(lab.SentAbout(lab.Ssm), join, lab.Timing.UnsolicitedReportInterval);
                lab.Observe((refused, told) switch
                {
                    (null, null) => "accepts it, and says nothing of it",
                    (null, _) => "accepts it, and reports it",
                    (_, null) => $"refuses it: {refused}",
                    _ => $"refuses it, and reports it all the same: {refused}",
                });
            }),
        new HostTest(
            "ssm-uses-is-in-allow-and-block-only", ["V3-S-2.2-01"],
            "Of a source-specific group a host says IS_IN, ALLOW and BLOCK, and nothing else.",
            async lab =>
            {
                await lab.Start();
                await lab.Begun(lab.Device.Include(lab.Ssm, lab.S1), lab.Ssm);
                await lab.PassReports();
                await lab.Device.Include(lab.Ssm, lab.S2, lab.S3);
                await lab.PassReports();
                foreach (var query in new[] { lab.General(), lab.Specific(lab.Ssm), lab.Specific(lab.Ssm, lab.S2) })
                {
                    await lab.Querier.Query(query);
                    await lab.Pass(query.MaxResponseTime + lab.Tolerance);
                }

                await lab.Device.Include(lab.Ssm);
                await lab.PassReports();
                lab.ExpectAlways(
                    lab.SentAbout(lab.Ssm), "records of the types IS_IN, ALLOW and BLOCK only",
                    frame => frame.Report is { } report
                        && report.Records.Where(each => each.Group == lab.Ssm).All(each => each.Type
                            is RecordType.IsInclude or RecordType.Allow or RecordType.Block));
            }),
        new HostTest(
            "ssm-is-never-excluded", ["V3-S-4.2.13-01"],
            "A host that is asked for all sources of a source-specific group does not report that.",
            async lab =>
            {
                await lab.Start();
                // Whether that is an error is left to another test.
                foreach (var command in (Func<Task<Moment>>[])[() => lab.Device.Join(lab.Ssm), () => lab.Device.Exclude(lab.Ssm, lab.S1)])
                {
                    await lab.Step("All sources are asked for");
                    var (given, _) = await lab.Try(command);
                    lab.ExpectNothing(Excluding(lab.Ssm).From(lab.Device), given);
                    await lab.PassReports();
                }

                await lab.Step("The querier asks for all groups, and there is one");
                await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                var query = lab.General();
                var asked = await lab.Querier.Query(query);
                lab.ExpectNoneAfter(Excluding(lab.Ssm), asked);
                if (await lab.Seen(lab.SentAbout(lab.G1), asked, query.MaxResponseTime) is null)
                    throw Bench.CannotBegin("The device does not answer a General Query");
                await lab.Pass(query.MaxResponseTime);
            }),
        new HostTest(
            "ssm-range-is-232-8", ["V3-S-2-01"],
            "Where a host distinguishes source-specific groups, they are those of 232/8, and the groups on both sides are none of them.",
            async lab =>
            {
                await lab.Start();
                if (await IsExcluded(lab, lab.Ssm))
                    throw Bench.CannotBegin("The device treats source-specific groups as all others");
                foreach (var group in lab.Plan.SourceSpecificEnds)
                {
                    await lab.Step($"All sources of {group} are asked for, in the range");
                    var (join, _) = await lab.Try(() => lab.Device.Join(group));
                    lab.ExpectNothing(Excluding(group).From(lab.Device), join);
                    await lab.PassReports();
                }

                foreach (var group in lab.Plan.BesideSourceSpecific)
                {
                    await lab.Step($"All sources of {group} are asked for, outside of the range");
                    var (join, refused) = await lab.Try(() => lab.Device.Join(group));
                    await lab.Check(Bench.DeviceName, $"it takes a join of {group}", refused);
                    lab.ExpectSome(Excluding(group).From(lab.Device), join, within: lab.Timing.UnsolicitedReportInterval);
                    await lab.PassReports();
                }
            }),
    ];

    private static FramePattern Excluding(Address group) => new($"a report that excludes sources of {group}, or none", frame =>
        frame.GroupMessage is { Kind: GroupMessageKind.Report } message && message.Group == group
        || frame.Report is { } report
        && report.Records.Any(each => each.Group == group && each.Type is (RecordType.IsExclude or RecordType.ToExclude)));

    private static async Task<bool> IsExcluded(HostBench lab, Address group)
    {
        var (join, _) = await lab.Try(() => lab.Device.Join(group));
        return await lab.Seen(Excluding(group).From(lab.Device), join, lab.Timing.UnsolicitedReportInterval) is not null;
    }
}
