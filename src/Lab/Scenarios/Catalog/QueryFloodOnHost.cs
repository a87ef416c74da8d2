using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A querier floods a host with queries about thousands of sources, and grants the longest time to answer, so that the host has to remember
/// all of them or find another way. It stays able to answer: a query about the group is answered in its own time with the group's state,
/// one report for all, and so is everything that is asked afterwards.
/// </summary>
[Scenario(
    "gssq-dos-on-host", ScenarioTheme.Robustness,
    "A flood of queries about thousands of sources, with the longest time to answer: the host answers what it is asked next.")]
[Covers("V3-H-5.2-08", "V3-H-5.2-10", "V3-H-9.1-03")]
public sealed class QueryFloodOnHost : Scenario
{
    private const int Queries = 40;
    private const int SourcesPerQuery = 100;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");

    // Code 0xFF (RFC 9776 §4.1.1).
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3174.4);

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("A host includes two sources of a group, and joins another for all");
        lab.ExpectStateChange(h1, Allow(G1, S1), since: await h1.Include(G1, S1));
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Allow(G1, S2), since: await h1.Allow(G1, S2));
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, ToExclude(G2), since: await h1.Join(G2));

        await lab.Step("It is asked for 4000 sources of the first group, its own among them, in 40 queries that grant 3174.4 s");
        for (var i = 0; i < Queries; i++)
        {
            var foreign = Enumerable.Range(i * SourcesPerQuery, SourcesPerQuery).Select(each => Address.FromV4(0x0A02_0000 + (uint)each));
            await querier.Query(lab.Specific(G1, [S1, .. foreign]) with { MaxResponseTime = Longest });
        }

        await lab.Step("It is asked for the group: one answer, in the time of this query, is about all of it");
        var asked = await querier.Query(lab.Specific(G1));
        lab.Expect(Report(IsInclude(G1, S1, S2)).From(h1), since: asked, within: t.LastMemberQueryInterval)
            .Shows("V3-H-5.2-08", "V3-H-5.2-10", "V3-H-9.1-03");

        await lab.Step("It is asked for one source, and for the other group: nothing is left of the flood");
        asked = await querier.Query(lab.Specific(G1, S2));
        lab.Expect(Report(IsInclude(G1, S2)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-9.1-03");
        asked = await querier.Query(lab.Specific(G2));
        lab.Expect(Report(IsExclude(G2)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-9.1-03");

        await lab.Step("It is asked for everything");
        asked = await querier.Query(lab.General());
        lab.Expect(Report(IsInclude(G1, S1, S2), IsExclude(G2)).From(h1), since: asked, within: t.QueryResponseInterval)
            .Shows("V3-H-9.1-03");
    }
}
