using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>
/// Hosts that nobody tells what to listen to: an appliance, a camera, a set-top box. They are judged by the groups that they join of
/// themselves, and above all by their answers to queries.
/// </summary>
internal static class OwnGroupTests
{
    // A group that no device joins of itself.
    private static Address Foreign(HostBench lab) => lab.G9;

    internal static IEnumerable<ConformanceTest> All =>
    [
        Own(
            "own-groups-are-all-reported", ["V3-H-5.2-12"],
            "A General Query is answered for each group that the device has, with its mode and sources, within its Max Response Time.",
            async lab =>
            {
                var known = await lab.JoinsOfItself();

                await lab.Step("The querier asks for all groups");
                var asked = await lab.Querier.Query(lab.General());
                foreach (var state in known)
                    lab.ExpectRecord(state, asked);
            }),
        Own(
            "own-groups-are-answered-for-in-time", ["V3-M-4.1.1-01"],
            "A General Query is answered within its Max Response Time, even if that is short.",
            async lab =>
            {
                var known = await lab.JoinsOfItself();
                foreach (var tenths in (int[])[2, 5, 10])
                {
                    await lab.Step(FormattableString.Invariant($"The querier grants {tenths} tenths of a second"));
                    var within = tenths * 100.Milliseconds();
                    var asked = await lab.Querier.Query(lab.General(within));
                    lab.ExpectAnswered(known[0].Group, asked, within);
                }
            }),
        Own(
            "own-groups-are-not-answered-for-at-once", ["V3-H-5.2-02"],
            "A General Query is not answered at once, as all hosts would do so at the same time.",
            async lab =>
            {
                const int rounds = 20;
                var known = await lab.JoinsOfItself();

                await lab.Step("The querier asks for all groups, over and over");
                var questions = new List<(Moment Asked, FramePattern Answer)>();
                while (questions.Count < rounds)
                {
                    var answer = CurrentState(known[0].Group).From(lab.Device);
                    var asked = await lab.Querier.Query(lab.General());
                    if (await lab.Seen(answer, asked, lab.ResponseTime) is null)
                        throw Bench.CannotBegin("The device does not answer a General Query");
                    questions.Add((asked, answer));
                    await lab.Pass(10.Milliseconds());
                }

                lab.ExpectDelays(
                    questions, lab.ResponseTime, "few of them at once", (delays, _) => Chance.AtOnce(delays, lab.ResponseTime));
            }),
        Own(
            "own-group-is-answered-for-alone", ["V3-H-5.2-06", "V3-H-5.2-14"],
            "A Group-Specific Query is answered by the state of that group.",
            async lab =>
            {
                var known = await lab.JoinsOfItself();

                await lab.Step("The querier asks for one of the groups");
                var asked = await lab.Querier.Query(lab.Specific(known[0].Group));
                lab.ExpectRecord(known[0], asked);
                foreach (var other in known.Skip(1))
                    lab.ExpectNoneAfter(CurrentState(other.Group), asked);
            }),
        Own(
            "own-group-in-include-mode-is-answered-for-sources", ["V3-H-5.2-15"],
            "A query for sources is answered by those of them that are included, as IS_IN.",
            async lab =>
            {
                var known = (await lab.JoinsOfItself()).FirstOrDefault(each => each.Type == RecordType.IsInclude)
                    ?? throw Bench.CannotBegin("The device has no group for certain sources only");

                await lab.Step("The querier asks for a source that is included, and for another");
                var asked = await lab.Querier.Query(lab.Specific(known.Group, known.Sources[0], lab.S(9)));
                lab.ExpectRecord(IsInclude(known.Group, known.Sources[0]), asked);
            }),
        Own(
            "own-group-in-exclude-mode-is-answered-for-sources", ["V3-H-5.2-16"],
            "A query for sources is answered by those of them that are not excluded, as IS_IN.",
            async lab =>
            {
                var known = (await lab.JoinsOfItself()).FirstOrDefault(each => each.Type == RecordType.IsExclude)
                    ?? throw Bench.CannotBegin("The device has no group for all sources");
                Address[] wanted = [lab.S(8), lab.S(9)];

                await lab.Step("The querier asks for sources of the group");
                var asked = await lab.Querier.Query(lab.Specific(known.Group, [.. wanted, .. known.Sources.Take(1)]));
                lab.ExpectRecord(IsInclude(known.Group, wanted), asked);
            }),
        Own(
            "other-group-than-own-is-not-answered-for", ["V3-H-5.2-03"],
            "A query for a group that the device does not have is not answered.",
            async lab =>
            {
                var known = await lab.JoinsOfItself();
                await lab.RequireAnswer(known[0].Group, lab.Specific(known[0].Group));

                await lab.Step("The querier asks for another group");
                var asked = await lab.Querier.Query(lab.Specific(Foreign(lab)));
                lab.ExpectNoneAfter(Naming(Foreign(lab)), asked);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);
            }),
        Own(
            "own-groups-are-answered-for-although-others-do", ["V3-H-5.2-22"],
            "A report of another host does not take the place of the device's own answer.",
            async lab =>
            {
                var known = (await lab.JoinsOfItself())[0];
                await lab.RequireAnswer(known.Group);

                await lab.Step("The querier asks for all groups, and another host is the first to answer");
                var (asked, _) = await lab.AskAnd(lab.General(), () => lab.Host1.Report(IsExclude(known.Group)), lab.ResponseTime);
                lab.ExpectAnswered(known.Group, asked);
            }),
        Own(
            "own-groups-are-answered-for-by-unicast", ["V3-H-4.1.12-01"],
            "A General Query to the device's own address is answered.",
            async lab =>
            {
                var known = await lab.JoinsOfItself();

                await lab.Step("The querier asks the device by its own address");
                var asked = await lab.Querier.Query(lab.General(), packet => packet.To(lab.Plan.Device, lab.DeviceMac));
                lab.ExpectAnswered(known[0].Group, asked);
            }),
        Own(
            "own-groups-and-wrong-checksum", ["V3-M-4.1.2-02"], "A query with a wrong checksum is not answered.",
            lab => PlayIgnored(lab, packet => packet with { ChecksumOff = 1 })),
        Own(
            "own-groups-and-no-router-alert", ["V3-H-9.1-01"], "A query without Router Alert is not answered.",
            lab => PlayIgnored(lab, packet => packet.WithoutRouterAlert())),
        .. ((Generation[])[Generation.Leaves, Generation.Reports]).Select(generation => Own(
            generation == Generation.Leaves ? "own-groups-in-version-2" : "own-groups-in-version-1",
            generation == Generation.Leaves ? ["V3-X-7.1-02", "V3-X-7.2.1-07"] : ["V3-X-7.1-01"],
            "A query of an older version is answered in that version.",
            async lab =>
            {
                var known = await lab.JoinsOfItself(generation);

                await lab.Step("An older querier asks for all groups");
                var query = lab.OlderGeneral(generation);
                var asked = await lab.Querier.Query(query);
                foreach (var state in known)
                    lab.ExpectOlderAnswered(generation, state.Group, asked, query.MaxResponseTime);
                lab.ExpectNoneAfter(AnyReport(), asked);
            })),
        Own(
            "own-group-in-version-2-is-suppressed", ["V3-X-3-03"],
            "In version 2 a report of another host takes the place of the device's own.",
            async lab =>
            {
                var group = (await lab.JoinsOfItselfInVersion(Generation.Leaves))[0].Group;

                await lab.Step("An older querier asks, and another host answers");
                var (_, answer) = await lab.AskAnd(
                    lab.OlderSpecific(group), () => lab.Host1.OlderReport(Generation.Leaves, group), lab.ResponseTime);
                lab.ExpectNoneSoonAfter(Naming(group), answer);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);

                await lab.Step("It asks again, and nobody else answers");
                var asked = await lab.Querier.Query(lab.OlderSpecific(group));
                lab.ExpectOlderAnswered(Generation.Leaves, group, asked);
            }),
        Own(
            "own-joins-are-repeated", ["V3-H-5.1-09"],
            "What the device joins of itself it reports as often as its Robustness Variable says.",
            async lab =>
            {
                var start = lab.Now;
                var known = await lab.JoinsOfItself();
                var changes = lab.All(AnyReport().From(lab.Device), start)
                    .Where(frame => frame.Report!.Records.Any(each => IsChange(each) && each.Group == known[0].Group)).ToList();
                if (changes.Count == 0)
                    throw Bench.CannotBegin("The device had joined its groups before it was watched");
                lab.ExpectTogether(
                    AnyReport().From(lab.Device), start, lab.Now.At - start.At, "repeats each join to RV times",
                    _ => changes.Count == lab.Timing.RobustnessVariable
                        ? null
                        : FormattableString.Invariant($"the join of {known[0].Group} was reported {changes.Count} times"));
            }),
    ];

    private static bool IsChange(RecordContent record) => record.Type is not (RecordType.IsInclude or RecordType.IsExclude);

    private static HostTest Own(string name, IReadOnlyList<string> requirements, string purpose, Func<HostBench, Task> play) =>
        new(name, requirements, purpose, play) { Listens = false };

    private static async Task PlayIgnored(
        HostBench lab, Func<TesterPacket, TesterPacket> change)
    {
        var known = await lab.JoinsOfItself();
        await lab.RequireAnswer(known[0].Group);

        await lab.Step("The querier asks as it should not");
        var asked = await lab.Querier.Query(lab.General(), change);
        foreach (var state in known)
            lab.ExpectNoneAfter(Naming(state.Group), asked);
        await lab.ExpectGoesOn(known[0].Group);
    }
}
