using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Answers <c>show</c>. A large table is taken in slices between which the loop does its other work, and is serialized on the control
/// thread while the client reads. All who ask while a dump is in progress share the next one; so each gets everything that was received
/// before it asked.
/// </summary>
/// <param name="loop">The router's loop.</param>
/// <param name="interfaces">Brings the interfaces up to date, and returns them.</param>
/// <param name="statistics">Reads the counters.</param>
internal sealed class StateDumps(EventLoop loop, Func<IReadOnlyList<NodeInterface>> interfaces, Func<StatisticsState> statistics)
{
    /// <summary>How long a slice may keep the loop.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    private const int GroupsBetweenLooks = 64;

    private List<ControlCall> waiting = [];
    private List<ControlCall>? served;
    private InterfaceDump[] dumps = [];

    /// <summary>Answers, now or later. <c>"what":"summary"</c> asks for the state without groups, which costs next to nothing.</summary>
    public void Answer(ControlCall call)
    {
        if (call.Request.TryGetProperty("what", out var what) && what.ValueEquals("summary"))
        {
            var (all, now) = (interfaces(), KernelClock.Monotonic);
            var summary = new RouterState { Interfaces = [.. all.Select(each => each.Summary(now))], Statistics = statistics() };
            call.Succeed(RouterStateJson.Pieces(summary));
            return;
        }

        waiting.Add(call);
        if (served is null)
            Begin();
    }

    private void Begin()
    {
        (served, waiting) = (waiting, []);
        dumps = [.. interfaces().Select(each => each.BeginDump())];
        Continue();
    }

    private void Continue()
    {
        var now = KernelClock.Monotonic;
        var end = now + Slice;
        foreach (var dump in dumps)
        {
            while (!dump.Continue(GroupsBetweenLooks, now))
            {
                now = KernelClock.Monotonic;
                if (now < end)
                    continue;
                loop.Post(Continue);
                return;
            }
        }

        Finish();
    }

    private void Finish()
    {
        var (taken, counters) = (dumps, statistics());
        // Sorting takes as long as collecting: on the control thread, once for all.
        var state = new Lazy<RouterState>(() =>
            new RouterState { Interfaces = [.. taken.Select(each => each.ToState())], Statistics = counters });
        foreach (var call in served!)
            call.Succeed(Pieces(state));
        (served, dumps) = (null, []);
        if (waiting.Count > 0)
            loop.Post(Begin);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Pieces(Lazy<RouterState> state)
    {
        foreach (var piece in RouterStateJson.Pieces(state.Value))
            yield return piece;
    }
}
