using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>The engine Namespaces makes the lab that the topology's folder describes (DESIGN §4).</summary>
public sealed class NamespacesLabTests
{
    private static readonly LabOptions Options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_startup_file_sets_the_addresses_of_its_node()
    {
        using var folder = TopologyFolder.Line(2);
        await using var lab = await Up(folder);

        await StartAll(lab);

        lab.Addresses("n1")["eth0"].Select(each => $"{each.Address}/{each.PrefixLength}").Should().Equal("10.0.0.1/16");
        lab.Addresses("n2")["eth0"].Select(each => $"{each.Address}/{each.PrefixLength}").Should().Equal("10.0.0.2/16");
    }

    internal static Task<NamespacesLab> Up(TopologyFolder folder, LabRegistry? registry = null) =>
        new NamespacesEngine(registry).Up(folder.Read(), Options, Cancellation);

    internal static async Task StartAll(NamespacesLab lab)
    {
        foreach (var node in lab.Topology.StartOrder)
            await lab.Start(node.Name, Cancellation);
    }
}
