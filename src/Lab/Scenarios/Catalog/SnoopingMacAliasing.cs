using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Two groups that differ in their upper bits alone have the same Ethernet address. A switch that goes by IP addresses sends each to the
/// port of its own member; the router keeps them apart too, and a leave of the one says nothing about the other.
/// </summary>
[Scenario(
    "snooping-mac-aliasing", ScenarioTheme.Switches,
    "Two groups with one Ethernet address: the switch sends each to its own member, and the router keeps them apart.")]
[Covers("V3-M-6.4-01", "V3-N-2.1.2-06", "V3-R-6-02", "V3-R-6.4-02")]
public sealed class SnoopingMacAliasing : Scenario
{
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.129.1.1");
    private static readonly Address S = Address.Parse("10.0.0.100");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 30.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var r1 = lab.Router("r1");
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts; two groups of one Ethernet address flow");
        lab.ExpectDuties(r1, await r1.Start());
        await lab.PassQueryResponses();
        var first = await source.Stream(G1, every: 50.Milliseconds(), S);
        var second = await source.Stream(G2, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());
        // RFC 1112 §6.4: the lowest 23 bits are the same.
        var addresses = lab.SeenSoFar().Where(each => each is { Datagram: not null, IsTesters: false } && each.Frame.Lan == source.Lan)
            .ToLookup(each => each.Envelope.Destination, each => MacAddress.Read(each.Frame.Bytes.Span));
        await lab.Check(
            source.Name, "both groups have the Ethernet address 01:00:5e:01:01:01", ["V3-M-6.4-01"],
            addresses.Count == 2 && addresses.SelectMany(each => each).All(each => each.ToString() == "01:00:5e:01:01:01")
                ? null
                : $"they have {string.Join(", ", addresses.SelectMany(each => each).Distinct())}");

        await lab.Step("A host on one port joins the first group, one on another port the second: each gets its own");
        var join = await h1.Join(G1);
        lab.ExpectStateChange(h1, ToExclude(G1), since: join);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.2-06");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-N-2.1.2-06");
        join = await h2.Join(G2);
        lab.ExpectStateChange(h2, ToExclude(G2), since: join);
        lab.Expect(second.At(h2).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.2-06");
        lab.Expect(first.At(h2).IsSilent()).Shows("V3-N-2.1.2-06");
        await r1.Until(
            state => state.Knows(G1, G2) && state.Group(G1).IsExclude() && state.Group(G2).IsExclude(), within: TimeSpan.Zero,
            shows: ["V3-R-6.4-02"]);
        await lab.PassRepetitions();

        await lab.Step("The first group is left: only that one is asked for, and only that one stops");
        var leave = await h1.Leave(G1);
        lab.ExpectStateChange(h1, ToInclude(G1), since: leave);
        lab.Expect(
                Query(G1).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4-02");
        lab.ExpectNone(AnyQueryOf(G2), since: leave).Shows("V3-R-6.4-02");
        lab.Expect(first.At(h1).Stops(TimeSpan.Zero, t.LastMemberQueryTime, of: leave));
        lab.Expect(second.At(h2).HasNoGap()).Shows("V3-N-2.1.2-06", "V3-R-6.4-02");
        await r1.Until(state => state.Knows(G2), within: t.LastMemberQueryTime, shows: ["V3-R-6.4-02"]);
    }
}
