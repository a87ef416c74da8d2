using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Queries grant more time than a plain number of tenths of a second could in version 3: from 128 on its code is a floating-point number.
/// In version 2 it is a plain one up to 255. Each of many groups is asked for by itself, so that one round shows many delays: none is
/// longer than granted, and some are longer than a host would take that has read the code the other way.
/// </summary>
[Scenario(
    "long-response-interval", ScenarioTheme.Hosts,
    "Max Response Times above 12.7 s, in versions 3 and 2: how long a host takes tells how it reads their codes.")]
[Covers("V3-H-5.2-01", "V3-M-4.1.1-02", "V3-X-7.2.1-10")]
public sealed class LongResponseTimes : Scenario
{
    private const int CodeAt = 1;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address[] Groups = [.. Enumerable.Range(1, 28).Select(i => Address.Parse($"239.1.1.{i}"))];

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts => "Linux reports groups that were joined shortly after one another together";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("A host joins 28 groups");
        foreach (var group in Groups)
            lab.ExpectStateChange(h1, ToExclude(group), since: await h1.Join(group));

        await lab.Step("It is asked for each of them, with code 0x80: 12.8 s");
        await Ask(code: 0x80, 12800.Milliseconds(), longerThan: 6400.Milliseconds(), group => Report(IsExclude(group)).From(h1));

        // Read as a plain number, it would be 14.3 s.
        if (!await lab.StepInVirtualTime("With code 0x8F: 24.8 s"))
            return;
        await Ask(code: 0x8F, 24800.Milliseconds(), longerThan: 14400.Milliseconds(), group => Report(IsExclude(group)).From(h1));

        // Read as a floating-point number, it would be 3174.4 s.
        if (!await lab.StepInVirtualTime("With code 0xFF, in version 2, once a querier of version 2 has asked for everything: 25.5 s"))
            return;
        var asked = await querier.Query(lab.OlderGeneral(Generation.Leaves, 25500.Milliseconds()), packet => packet.With(SetCode(0xFF)));
        lab.ExpectDelays(
                [.. Groups.Select(group => (asked, OlderReport(Generation.Leaves, group).From(h1)))], 25500.Milliseconds(),
                "some longer than 14.4 s", (delays, _) => NoneLonger(delays, 14400.Milliseconds()))
            .Shows("V3-X-7.2.1-10");
        await lab.Pass(25500.Milliseconds() + (2 * lab.Tolerance));

        async Task Ask(byte code, TimeSpan granted, TimeSpan longerThan, Func<Address, FramePattern> answer)
        {
            var questions = new List<(Moment Asked, FramePattern Answer)>();
            foreach (var group in Groups)
                questions.Add((await querier.Query(lab.Specific(group), packet => packet.With(SetCode(code))), answer(group)));
            lab.ExpectDelays(
                    questions, granted, $"some longer than {longerThan.InWords()}", (delays, _) => NoneLonger(delays, longerThan))
                .Shows("V3-H-5.2-01", "V3-M-4.1.1-02");
            await lab.Pass(granted + (2 * lab.Tolerance));
        }
    }

    private static Action<byte[]> SetCode(byte code) => message => message[CodeAt] = code;

    // With an even chance for each of 28, all are below half of what is granted once in 250 million runs.
    private static string? NoneLonger(IReadOnlyList<TimeSpan> delays, TimeSpan than) =>
        delays.Max() > than ? null : $"none took longer than {delays.Max().InWords()}";
}
