using MulticastLab.Lab.Engines;
using MulticastLab.LabRunner.Labs;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Running;

/// <summary>What all daemons of a lab know at one moment.</summary>
internal sealed record LabSnapshot(
    IReadOnlyList<(string Node, RouterState State)> Routers, IReadOnlyList<(string Node, IReadOnlyList<ReceptionState> State)> Hosts)
{
    /// <summary>Asks all of them.</summary>
    public static async Task<LabSnapshot> Take(IRunningLab lab, CancellationToken cancellation) => new(
        await LabStates.Routers(lab, cancellation).ConfigureAwait(false), await LabStates.Hosts(lab, cancellation).ConfigureAwait(false));

    /// <summary>The facts in it that do not change by the mere passing of time, one sentence each.</summary>
    public IReadOnlyList<string> Facts() =>
    [
        .. from router in Routers
           from each in router.State.Interfaces
           from fact in Facts(each)
           select $"{router.Node} {each.Name}: {fact}",
        .. from host in Hosts
           from each in host.State
           select $"{host.Node}: listens to {each.Group} {each.Filter}",
    ];

    private static IEnumerable<string> Facts(InterfaceState state)
    {
        if (!state.Up)
            yield return "is down";
        if (state.Querier is { } querier)
            yield return state.IsQuerier ? $"is the querier ({querier})" : $"follows the querier {querier}";
        foreach (var group in state.Groups)
        {
            yield return $"group {group.Group} is in {(group.Mode == FilterMode.Include ? "INCLUDE" : "EXCLUDE")} mode";
            foreach (var source in group.Sources)
                yield return $"group {group.Group}: source {source.Source} is {(source.Forward ? "forwarded" : "blocked")}";
        }
    }
}
