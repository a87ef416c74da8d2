using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// The General Queries that routers owe: Startup Query Count at the Startup Query Interval when an interface comes up, then one every Query
/// Interval (RFC 9776 §6.1, §8.6, §8.7), until a router with a lower address may have been heard (§6.6.2). Holds in any disorder.
/// </summary>
internal sealed class GeneralQueryDuty(LabPlan plan, Windows windows)
{
    private readonly Dictionary<(int Lan, Address Router), Duty> duties = [];
    private readonly Dictionary<(int Lan, Address Router), Instant> asked = [];

    /// <summary>The router's interface has come up.</summary>
    public void Started(int lan, Address router, Instant now)
    {
        var duty = duties[(lan, router)] = new Duty { Due = now, StartupLeft = windows.StartupQueryCount };
        foreach (var (key, at) in asked)
        {
            if (key.Lan == lan && key.Router < router && now <= at + Windows.WorstDelay)
                duty.Obey(at + Windows.WorstDelay);
        }
    }

    /// <summary>A router has sent a General Query.</summary>
    public void Asked(int lan, NodePlan router, Instant at)
    {
        var own = router.AddressOn(lan);
        if (duties.TryGetValue((lan, own), out var duty))
        {
            // What a lower router has sent a moment ago may still be in flight.
            if (at > duty.MayObeyUntil)
                duty.MayObeyUntil = null;
            duty.StartupLeft--;
            duty.Due = at + Windows.By(router, duty.StartupLeft > 0 ? windows.StartupQueryInterval : plan.Timing.QueryInterval);
        }

        // In version 1 nobody obeys (RFC 2236, Appendix I).
        if (plan.Version == 1)
            return;
        asked[(lan, own)] = at;
        foreach (var (key, other) in duties)
        {
            if (key.Lan == lan && key.Router > own)
                other.Obey(at + Windows.WorstDelay);
        }
    }

    /// <summary>What a router owes and has not sent; null when nothing is overdue.</summary>
    public string? Overdue(Instant now, Func<int, Address, bool> isUp)
    {
        foreach (var ((lan, router), duty) in duties)
        {
            if (duty.MayObeyUntil is null && now > duty.Due + Windows.Rounding && isUp(lan, router))
                return $"{router} owes LAN {plan.Lans[lan].Name} a General Query since {duty.Due}, {duty.StartupLeft} start-up queries "
                    + "left";
        }

        return null;
    }

    private sealed class Duty
    {
        public Instant Due { get; set; }

        public int StartupLeft { get; set; }

        /// <summary>Until when a lower router's query may come in; null when there was none since its own last one.</summary>
        public Instant? MayObeyUntil { get; set; }

        // Who obeys has no start-up queries left: when it is the querier again, it asks at the Query Interval.
        public void Obey(Instant until) => (MayObeyUntil, StartupLeft) = (until, 0);
    }
}
