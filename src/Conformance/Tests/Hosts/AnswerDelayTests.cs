using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>
/// When a host answers: at random within the Max Response Time (RFC 9776 §5.2), which is coded in a byte (§4.1.1). A query for each of many
/// groups is answered independently of the others, so that one round shows many delays.
/// </summary>
internal static class AnswerDelayTests
{
    private const int CodeAt = 1;

    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "answers-are-random-within-max-response-time", ["V3-H-5.2-01"],
            "Answers are delayed at random, evenly within (0, Max Response Time].",
            async lab =>
            {
                var groups = lab.Plan.ManyGroups(8);
                await lab.StartWith([.. groups.Select(each => IsExclude(each))]);

                await lab.Step("The querier asks for each of the groups, over and over");
                var questions = new List<(Moment Asked, FramePattern Answer)>();
                for (var round = 0; round < (lab.RealTime ? 3 : 25); round++)
                    questions.AddRange(await Ask(lab, groups, lab.ResponseTime));
                lab.ExpectDelays(
                    questions, lab.ResponseTime, "evenly distributed",
                    (delays, tolerance) => Chance.NotUniform(delays, lab.ResponseTime, tolerance));
            }),
        new HostTest(
            "general-query-is-not-answered-at-once", ["V3-H-5.2-02"],
            "A General Query is not answered at once, as all hosts would do so at the same time.",
            async lab =>
            {
                const int rounds = 20;
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("The querier asks for all groups, over and over");
                var questions = new List<(Moment Asked, FramePattern Answer)>();
                while (questions.Count < rounds)
                {
                    var answer = CurrentState(lab.G1).From(lab.Device);
                    var asked = await lab.Querier.Query(lab.General());
                    if (await lab.Seen(answer, asked, lab.ResponseTime) is null)
                        throw Bench.CannotBegin("The device does not answer a General Query");
                    questions.Add((asked, answer));
                    await lab.Pass(10.Milliseconds());
                }

                lab.ExpectDelays(
                    questions, lab.ResponseTime, "few of them at once", (delays, _) => Chance.AtOnce(delays, lab.ResponseTime));
            }),
        .. ((int[])[1, 10, 100, 127]).Select(code => Code(
            "V3-M-4.1.1-01", code, tenths: code, groups: 8,
            FormattableString.Invariant($"A Max Resp Code of {code}, below 128, grants as many tenths of a second."))),
        // V3-M-4.1.1-02: code and tenths of a second. From 143 on, with 28 groups, a code that is taken for a plain number is told apart.
        .. (((int Code, int Tenths)[])
        [
            (128, 128), (129, 136), (143, 248), (144, 256), (160, 512), (179, 1216), (240, 16384), (255, 31744),
        ]).Select(vector => Code(
            "V3-M-4.1.1-02", vector.Code, vector.Tenths, groups: vector.Code < 143 ? 8 : 28,
            FormattableString.Invariant(
                $"A Max Resp Code of {vector.Code}, a floating-point number, grants {vector.Tenths} tenths of a second."))),
    ];

    private static HostTest Code(string requirement, int code, int tenths, int groups, string purpose) =>
        new(
            FormattableString.Invariant($"max-resp-code-{code}"), [requirement], purpose,
            async lab =>
            {
                var granted = tenths * 100.Milliseconds();
                lab.Afford(granted);
                var queried = lab.Plan.ManyGroups(groups);
                await lab.StartWith([.. queried.Select(each => IsExclude(each))]);

                await lab.Step(FormattableString.Invariant($"The querier asks for each of {groups} groups"));
                var questions = await Ask(lab, queried, granted, (byte)code);
                lab.ExpectDelays(
                    questions, granted, "evenly distributed", (delays, tolerance) => Chance.NotUniform(delays, granted, tolerance));
            });

    /// <summary>Asks for each of some groups, and waits until all answers are there or the time is over.</summary>
    private static async Task<List<(Moment Asked, FramePattern Answer)>> Ask(
        HostBench lab, Address[] groups, TimeSpan granted, byte? code = null)
    {
        var questions = new List<(Moment Asked, FramePattern Answer)>();
        foreach (var group in groups)
        {
            // The code is written here as it is to be on the wire.
            var asked = await lab.Querier.Query(
                lab.Specific(group) with { MaxResponseTime = code is null ? granted : TimeSpan.Zero },
                packet => code is { } value ? packet.With(bytes => bytes[CodeAt] = value) : packet);
            questions.Add((asked, CurrentState(group).From(lab.Device)));
        }

        foreach (var (asked, answer) in questions)
        {
            var left = asked.At + granted - lab.Now.At;
            await lab.Seen(answer, asked, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        await lab.Pass(10.Milliseconds());
        return questions;
    }
}
