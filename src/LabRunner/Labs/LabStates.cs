using System.Text.Json.Nodes;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Engines;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

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

    /// <summary>A router's state with the names of RFC 8652.</summary>
    public static JsonNode ToJson(RouterState state) => JsonNode.Parse(RouterStateJson.ToText(state))!;

    /// <summary>A host's reception state, group by group.</summary>
    public static JsonArray ToJson(IEnumerable<ReceptionState> state) => new([.. state.Select(each => new JsonObject
    {
        ["group-address"] = each.Group.ToString(),
        ["filter-mode"] = each.Mode == FilterMode.Include ? "include" : "exclude",
        ["source"] = new JsonArray([.. each.Sources.Select(source => (JsonNode)source.ToString())]),
    })]);
}
