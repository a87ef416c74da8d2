using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Tests of the router core in every dialect.</summary>
public abstract class RouterTests(Vocabulary words) : CoreTests(words)
{
    protected RouterUnderTest NewRouter(Timing? timing = null, RouterSettings? settings = null, Address? own = null, bool up = true) =>
        new(Words, timing, settings, own, up);

    /// <summary>A router that has lost the election to 10.0.0.1 at time 0.</summary>
    protected RouterUnderTest NonQuerier(Timing? timing = null, RouterSettings? settings = null) => NonQuerier(Words, timing, settings);

    protected static RouterUnderTest NonQuerier(Vocabulary words, Timing? timing = null, RouterSettings? settings = null)
    {
        var router = new RouterUnderTest(words, timing, settings);
        router.GeneralQuery(words.Lower, interval: router.Timing.QueryInterval.TotalSeconds);
        router.Forget();
        return router;
    }
}
