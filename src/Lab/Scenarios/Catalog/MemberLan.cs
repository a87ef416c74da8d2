using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Scenarios about what a querier makes of reports: sources on one LAN, members on another, and the router r1 between them. The tester
/// plays the members, so that each report comes at its moment and once.
/// </summary>
public abstract class MemberLan : Scenario
{
    private protected const string Members = "A";

    private protected static readonly Address G = Address.Parse("239.1.1.1");
    private protected static readonly Address S1 = Address.Parse("10.1.0.100");
    private protected static readonly Address S2 = Address.Parse("10.1.0.101");
    private protected static readonly Address S3 = Address.Parse("10.1.0.102");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <summary>A host of the tester on the members' LAN.</summary>
    private protected static Station Member(LabRun lab, string name, int number) =>
        lab.Play(name, Members, Address.Parse(FormattableString.Invariant($"10.0.0.{number}")));

    /// <summary>Starts a router, and all that it is to do of itself.</summary>
    private protected static async Task<RouterNode> StartQuerier(LabRun lab)
    {
        var r1 = lab.Router("r1");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);
        await lab.Step("The router starts");
        lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount);
        return r1;
    }

    /// <summary>Starts two routers; the first, r1, becomes the querier.</summary>
    private protected static async Task<(RouterNode R1, RouterNode R2)> StartQuerierAndOther(LabRun lab)
    {
        var (r1, r2) = (lab.Router("r1"), lab.Router("r2"));
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);
        await lab.Step("Two routers start, the first becomes the querier");
        var duties = lab.ExpectDuties(r2, await r2.Start());
        lab.ExpectDuties(r1, await r1.Start());
        var lost = await r2.Until(state => state.Interfaces.All(each => !each.IsQuerier), within: TimeSpan.Zero);
        foreach (var lan in r2.Lans)
            duties.NotQuerying(lan, lost);
        await lab.Pass(lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount);
        return (r1, r2);
    }

    /// <summary>Has sources send to the group, and some of it arrive before anything else happens.</summary>
    private protected static async Task<DatagramStream[]> Send(LabRun lab, params Address[] sources)
    {
        var streams = new List<DatagramStream>();
        foreach (var source in sources)
            streams.Add(await lab.Host("source").Stream(G, every: 50.Milliseconds(), source));
        await Flow(lab);
        return [.. streams];
    }

    /// <summary>Lets streams go on for a while: what starts or stops later must have been otherwise before.</summary>
    private protected static Task Flow(LabRun lab) => lab.Pass((2 * lab.Tolerance) + 350.Milliseconds());

    /// <summary>The Ethernet address of a router on a LAN: what is sent there, no other router hears.</summary>
    private protected static MacAddress MacOn(RouterNode router, string lan) =>
        router.Description.Interfaces.First(each => each.Lan == lan).Mac;
}
