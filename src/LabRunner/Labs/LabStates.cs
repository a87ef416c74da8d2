using MulticastLab.Lab.Engines;
using MulticastLab.LabRunner.Output;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;

namespace MulticastLab.LabRunner.Labs;

/// <summary>Asks the daemons of a running lab for their state.</summary>
internal static class LabStates
{
    /// <summary>The state of every router that can be asked for it, in the topology's order.</summary>
    public static async Task<IReadOnlyList<(string Node, RouterState State)>> Routers(IRunningLab lab, CancellationToken cancellation)
    {
        var asked = lab.Topology.Nodes.Where(node => node.HasRouterState)
            .Select(async node => (node.Name, await lab.RouterState(node.Name, cancellation).ConfigureAwait(false)));
        return await Task.WhenAll(asked).ConfigureAwait(false);
    }

    /// <summary>The reception state of every host with a host agent, in the topology's order.</summary>
    public static async Task<IReadOnlyList<(string Node, IReadOnlyList<ReceptionState> State)>> Hosts(
        IRunningLab lab, CancellationToken cancellation)
    {
        var asked = lab.Topology.Nodes.Where(node => node.HasHostAgent)
            .Select(async node => (node.Name, await lab.HostState(node.Name, cancellation).ConfigureAwait(false)));
        return await Task.WhenAll(asked).ConfigureAwait(false);
    }

    /// <summary>A host's reception state, group by group, for JSON.</summary>
    public static IEnumerable<HostGroupDocument> Documents(IEnumerable<ReceptionState> state) =>
        state.Select(each => new HostGroupDocument(each.Group, each.Mode, each.Sources));
}
