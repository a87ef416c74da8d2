using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A router has members of the same group on two LANs: on one they want everything, on the other one source. Each LAN has its own state,
/// its own queries and its own stream; what is left on the one changes nothing on the other.
/// </summary>
[Scenario(
    "dual-homed-router", ScenarioTheme.Sources,
    "The same group on two LANs of a router, in different modes: what one LAN does, the other does not notice.")]
[Covers("V3-R-6-02", "V3-R-6-04", "V3-R-6.3-02", "V3-R-6.3-04", "V3-R-6.4.2-45", "V3-R-8.10-01")]
public sealed class TwoMemberLans : MemberLan
{
    private const string Others = "B";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (everything, one) = (Member(lab, "everything", 21), lab.Play("one", Others, Address.Parse("10.2.0.21")));
        var r1 = await StartQuerier(lab);
        var (onMembers, onOthers) = (InterfaceTo(Members), InterfaceTo(Others));

        await lab.Step("A host on one LAN joins, a host on the other includes one source");
        var streams = await Send(lab, S1, S2);
        var join = await everything.Report(ToExclude(G));
        lab.Expect(streams[0].On(Members).Starts(within: TimeSpan.Zero, of: join));
        lab.Expect(streams[1].On(Members).Starts(within: TimeSpan.Zero, of: join));
        lab.Expect(streams[1].On(Others).IsSilent()).Shows("V3-R-6.3-04");
        await Flow(lab);
        var allow = await one.Report(Allow(G, S1));
        lab.Expect(streams[0].On(Others).Starts(within: TimeSpan.Zero, of: allow)).Shows("V3-R-6.3-02");
        await r1.Until(state => state.On(onOthers).Groups.SingleOrDefault().IsInclude(S1), within: TimeSpan.Zero);
        await r1.Check(state => state.On(onMembers).Groups.SingleOrDefault().IsExclude(), shows: ["V3-R-6-04"]);
        await Flow(lab);

        await lab.Step("The first host leaves: its LAN is asked, and its streams stop; the other LAN goes on");
        var leave = await everything.Report(ToInclude(G));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1).On(Members),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-45");
        lab.ExpectNone(QueriesAbout(G).On(Others), since: leave).Shows("V3-R-6-04");
        lab.Expect(streams[0].On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-8.10-01");
        lab.Expect(streams[1].On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-8.10-01");
        lab.Expect(streams[0].On(Others).HasNoGap()).Shows("V3-R-6-04");
        await r1.Until(state => state.On(onMembers).Groups.Count == 0, within: t.LastMemberQueryTime);
        await r1.Check(state => state.On(onOthers).Groups.SingleOrDefault().IsInclude(S1), shows: ["V3-R-6-04"]);

        string InterfaceTo(string lan) => r1.Description.Interfaces.First(each => each.Lan == lan).Interface;
    }
}
