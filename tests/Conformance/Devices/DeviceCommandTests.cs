using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance.Devices;

/// <summary><c>image="device/…"</c> on the command line: up, state, validate, and the exit codes of DESIGN §4.</summary>
public sealed class DeviceCommandTests
{
    private const string LabConf =
        "LAB_NAME=\"device-of-a-test\"\nr1[0]=\"A\"\nr1[image]=\"device/multicast-lab-router\"\n"
        + "h1[0]=\"A\"\nh1[image]=\"multicast-lab/host\"\n";
    private const string Router = "ip address add 10.0.0.1/24 dev eth0\n";
    private const string Host =
        "ip address add 10.0.0.11/24 dev eth0\nip route add 224.0.0.0/4 dev eth0\nhostagent run --interface eth0 $HOSTAGENT_OPTIONS &\n";

    [NamespacesFact]
    public async Task A_device_comes_up_tells_its_state_and_its_death_ends_commands_with_6()
    {
        using var folder = new TopologyFolder(("lab.conf", LabConf), ("r1.startup", Router), ("h1.startup", Host));
        var up = await Labrunner.Run("up", folder.Path, "--json");
        up.Code.Should().Be(0, "{0}", up.Error);
        var lab = JsonNode.Parse(up.Out)!["lab"]!.GetValue<string>();
        try
        {
            (await Labrunner.Run("join", "h1", "239.1.1.1", "--lab", lab)).Code.Should().Be(0);
            var state = await Labrunner.Run("state", "r1", "--json", "--lab", lab);
            for (var tries = 0; state.Code == 0 && !state.Out.Contains("239.1.1.1", StringComparison.Ordinal) && tries < 20; tries++)
                state = await Labrunner.Run("state", "r1", "--json", "--lab", lab);

            state.Code.Should().Be(0, "{0}", state.Error);
            state.Out.Should().Contain("239.1.1.1");
            var eth0 = JsonNode.Parse(state.Out)!["ietf-igmp-mld:igmp"]!["interfaces"]!["interface"]![0]!;
            eth0["querier"]!.GetValue<string>().Should().Be("10.0.0.1");
            eth0["query-interval"]!.GetValue<int>().Should().Be(125);

            (await Labrunner.Run("exec", "r1", "--lab", lab, "--", "sh", "-c", "kill -KILL -1; :")).Code.Should().Be(0);
            var dead = await Labrunner.Run("state", "r1", "--lab", lab);
            dead.Code.Should().Be(6);
            dead.Error.Should().Contain("r1: multicast-lab-router has died");
        }
        finally
        {
            (await Labrunner.Run("down", lab)).Code.Should().Be(0);
        }
    }

    [NamespacesFact]
    public async Task What_a_device_needs_and_the_machine_lacks_ends_with_4_and_the_remedy()
    {
        using var folder = new TopologyFolder(
            ("lab.conf", "r1[0]=\"A\"\nr1[image]=\"device/./box\"\n"),
            (
                "box/device.yaml",
                "title: A box\nrole: router\nprotocols: [igmp]\nstart: sleep 1000\nrequires:\n  - { file: /no/such/file, remedy: get the "
                    + "file }\n"));

        var up = await Labrunner.Run("up", folder.Path);

        up.Code.Should().Be(4);
        up.Error.Should().Contain("A box needs /no/such/file.").And.Contain("get the file");
    }

    [NamespacesFact]
    public async Task One_that_dies_at_once_ends_with_6()
    {
        using var folder = new TopologyFolder(
            ("lab.conf", "r1[0]=\"A\"\nr1[image]=\"device/./box\"\n"),
            ("box/device.yaml", "title: A box\nrole: router\nprotocols: [igmp]\nstart: echo last words\nready: { query: true }\n"));

        var up = await Labrunner.Run("up", folder.Path);

        up.Code.Should().Be(6);
        up.Error.Should().Contain("r1: box has died").And.Contain("last words");
    }

    [NamespacesFact]
    public async Task Routers_wait_for_the_switch_between_them_and_agree_on_a_querier()
    {
        const string Name = "switch-of-a-test";
        using var folder = new TopologyFolder(
            (
                "lab.conf",
                $"LAB_NAME=\"{Name}\"\nr1[0]=\"A\"\nr1[image]=\"multicast-lab/router\"\nr2[0]=\"B\"\nr2[image]=\"multicast-lab/router\"\n"
                    + "sw[0]=\"A\"\nsw[1]=\"B\"\nsw[image]=\"device/linux-switch\"\n"),
            ("r1.startup", "ip address add 10.0.0.1/24 dev eth0\nrouter run --interface eth0 $ROUTER_OPTIONS &\n"),
            ("r2.startup", "ip address add 10.0.0.2/24 dev eth0\nrouter run --interface eth0 $ROUTER_OPTIONS &\n"),
            // One that takes longer than routers do.
            ("sw.startup", "sleep 3\n"));
        var up = await Labrunner.Run("up", folder.Path, "--json");
        up.Code.Should().Be(0, "{0}", up.Error);
        var lab = JsonNode.Parse(up.Out)!["lab"]!.GetValue<string>();
        try
        {
            foreach (var router in (string[])["r1", "r2"])
            {
                var state = await Labrunner.Run("state", router, "--json", "--lab", lab);
                JsonNode.Parse(state.Out)!["ietf-igmp-mld:igmp"]!["interfaces"]!["interface"]![0]!["querier"]!.GetValue<string>()
                    .Should().Be("10.0.0.1");
            }
        }
        finally
        {
            (await Labrunner.Run("down", lab)).Code.Should().Be(0);
        }
    }
}
