using MulticastLab.Benchmarks.Comparison.Peers;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// Code that is compiled while it runs is to be compiled before it is measured, in each of the ways in which it is going to be used. .NET
/// counts a method's calls only some time after its first one, and recompiles it some time after it has shown that it is needed; so
/// everything is done several times, with breaks.
/// </summary>
internal static class WarmUp
{
    private const int Least = 3;
    private const int Most = 8;
    private static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(1);

    /// <summary>The runtime looks what is used much 0.1 s after nothing new has come up.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromMilliseconds(250);

    /// <summary>A measurement that can be done again is done again when the peer has compiled itself during it.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="measure">The measurement.</param>
    /// <param name="undo">What has to be done before it can be done again.</param>
    public static T Steady<T>(Peer peer, Func<T> measure, Action? undo = null)
    {
        // A compiler thread that has ended takes its time out of the account: then the figure would be too small.
        for (var i = 1; ; i++)
        {
            var before = peer.ReadCompilerTime();
            var figure = measure();
            if (before is null || i == Most || (peer.ReadCompilerTime() - before)?.Duration() < Negligible)
                return figure;
            undo?.Invoke();
        }
    }

    /// <summary>Has a peer do something until it does not compile itself for it any more; once, where it never does.</summary>
    public static void With(Peer peer, Action round)
    {
        for (var i = 1; i <= Most; i++)
        {
            var before = peer.ReadCompilerTime();
            round();
            peer.Pass(Break);
            peer.Settle();
            if (before is null || (i >= Least && peer.ReadCompilerTime() - before < Negligible))
                return;
        }
    }
}
