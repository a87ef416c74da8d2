using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host that listens to three groups in different ways is asked for all of them, for one, and for sources. It answers each query once,
/// within the time that it grants: with its whole state, with that of the group, or with those of the sources that it wants. What it does
/// not listen to it does not answer for. Asked over and over, it takes a different time each time.
/// </summary>
[Scenario(
    "host-query-response", ScenarioTheme.Hosts,
    "A host answers General, Group-Specific and Group-and-Source-Specific Queries, each with what was asked for, at random in its time.")]
[Covers(
    "V3-H-5.2-01", "V3-H-5.2-02", "V3-H-5.2-12", "V3-H-5.2-14", "V3-H-5.2-15", "V3-H-5.2-16", "V3-H-5.2-17", "V3-M-4-02", "V3-M-4-06")]
public sealed class HostQueryResponse : Scenario
{
    private const int Rounds = 10;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");
    private static readonly Address G9 = Address.Parse("239.1.1.9");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");
    private static readonly Address S3 = Address.Parse("10.1.0.102");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 800.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 200.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "asked for sources of a group that it listens to in EXCLUDE mode, Linux answers with its whole filter, MODE_IS_EXCLUDE";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectAlways(
                AnyMessage().From(h1), "TTL 1 and Router Alert", message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("A querier asks before the host listens to anything: no answer");
        await querier.Query(lab.General());
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("The host joins a group for all sources, another for all but one, a third for two");
        lab.ExpectStateChange(h1, ToExclude(G1), since: await h1.Join(G1));
        lab.ExpectStateChange(h1, ToExclude(G2, S1), since: await h1.Exclude(G2, S1));
        lab.ExpectStateChange(h1, Allow(G3, S1, S2), since: await h1.Include(G3, S1, S2));

        await lab.Step("It is asked for everything: one report has all three groups");
        var asked = await querier.Query(lab.General());
        lab.Expect(
                Report(IsExclude(G1), IsExclude(G2, S1), IsInclude(G3, S1, S2)).From(h1), since: asked, within: t.QueryResponseInterval)
            .Shows("V3-H-5.2-01", "V3-H-5.2-12");

        await lab.Step("It is asked for the second group");
        asked = await querier.Query(lab.Specific(G2));
        lab.Expect(Report(IsExclude(G2, S1)).From(h1), since: asked, within: t.LastMemberQueryInterval)
            .Shows("V3-H-5.2-01", "V3-H-5.2-14");

        await lab.Step("It is asked for two sources of the third, of which it wants one");
        asked = await querier.Query(lab.Specific(G3, S2, S3));
        lab.Expect(Report(IsInclude(G3, S2)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-5.2-15");

        // MODE_IS_INCLUDE, although the host's mode is EXCLUDE: the record is about the sources that were asked for.
        await lab.Step("It is asked for two sources of the second, of which it excludes one");
        asked = await querier.Query(lab.Specific(G2, S1, S2));
        lab.Expect(Report(IsInclude(G2, S2)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-5.2-16");

        await lab.Step("It is asked for sources that it does not want, and for a group that it does not know: no answer");
        asked = await querier.Query(lab.Specific(G3, S3));
        await querier.Query(lab.Specific(G2, S1));
        await querier.Query(lab.Specific(G9));
        lab.ExpectNone(AnyReport().From(h1), since: asked, atOnce: true).Shows("V3-H-5.2-17");
        await lab.Pass(t.LastMemberQueryInterval);

        await lab.Step("It is asked for everything, over and over");
        var questions = new List<(Moment Asked, FramePattern Answer)>();
        for (var round = 0; round < Rounds; round++)
        {
            var answer = AnyAnswer().From(h1);
            asked = await querier.Query(lab.General());
            await lab.Seen(answer, asked, t.QueryResponseInterval);
            questions.Add((asked, answer));
            await lab.Pass(10.Milliseconds());
        }

        lab.ExpectDelays(
                questions, t.QueryResponseInterval, "some sooner and some later, few at once",
                (delays, tolerance) => NotAtRandom(delays, t.QueryResponseInterval, tolerance))
            .Shows("V3-H-5.2-01", "V3-H-5.2-02");
    }

    // Of delays that are drawn evenly, all ten lie in one half of their range, or five below a hundredth, once in 500 runs. So these
    // bounds are wider.
    private static string? NotAtRandom(IReadOnlyList<TimeSpan> delays, TimeSpan longest, TimeSpan tolerance) =>
        delays.Count(each => each < longest / 100) > Rounds / 2 ? "most came at once"
        : delays.Max() < longest / 5 ? $"none took longer than {delays.Max().InWords()}"
        : delays.Min() > (longest * 4 / 5) + tolerance ? $"none took less than {delays.Min().InWords()}"
        : null;
}
