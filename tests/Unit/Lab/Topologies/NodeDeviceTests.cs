using FluentAssertions;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Text;
using MulticastLab.Tests.Lab.Devices;
using Xunit;

namespace MulticastLab.Tests.Lab.Topologies;

/// <summary>Nodes that are made of a device under test: <c>image="device/frr"</c>, or a path (DESIGN §6).</summary>
public sealed class NodeDeviceTests
{
    [Theory]
    [InlineData("router", NodeKind.Router)]
    [InlineData("proxy", NodeKind.Router)]
    [InlineData("host", NodeKind.Host)]
    [InlineData("switch", NodeKind.Switch)]
    public void A_device_s_role_is_what_its_node_is(string role, NodeKind kind)
    {
        using var folder = new LabFolder("r1[0]=A\nr1[image]=\"device/./box\"\n");
        folder.Write("box/device.yaml", DeviceFolder.Least.Replace("role: router", $"role: {role}", StringComparison.Ordinal));

        var node = folder.Read().Nodes.Single();

        node.Kind.Should().Be(kind);
        node.Device.Should()
            .Be(new NodeDeviceReference(Path.Combine(folder.Path, "box"), HasState: false, Path.Combine(folder.Path, "lab.conf"), 2, 12));
        (node.HasRouterState, node.HasHostAgent).Should().Be((false, false));
    }

    [Fact]
    public void A_name_is_one_of_the_devices_that_are_shipped_and_an_absolute_path_is_a_path()
    {
        using var device = new DeviceFolder(DeviceFolder.Least + "state: ./state\n");
        using var folder = new LabFolder($"r1[0]=A\nr1[image]=\"device/frr\"\nr2[0]=A\nr2[image]=\"device/{device.Path}\"\n");

        var nodes = folder.Read().Nodes;

        nodes[0].Device!.Folder.Should().Be(Path.Combine(Repository.Root, "lab", "devices", "frr"));
        nodes[1].Device!.Folder.Should().Be(device.Path);
        nodes.Select(each => each.HasRouterState).Should().Equal(true, true);
    }

    [Fact]
    public void A_device_that_is_not_there_is_told_at_its_name()
    {
        using var folder = new LabFolder("r1[0]=A\nr1[image]=\"device/ffr\"\nr2[0]=A\nr2[image]=\"device/../none\"\n");

        folder.Errors().Should().Equal(
            "lab.conf:2:19: there is no device 'ffr'; there are frr, igmpproxy, linux-bridge, linux-host, linux-switch, "
                + "multicast-lab-host, multicast-lab-router, naive-host, naive-router, pimd; did you mean frr?",
            $"lab.conf:4:19: there is no device's folder {Path.GetFullPath(Path.Combine(folder.Path, "../none"))}");
    }

    [Fact]
    public void What_is_wrong_with_a_device_is_told_once_with_its_own_file()
    {
        using var folder = new LabFolder("r1[0]=A\nr1[image]=\"device/./box\"\nr2[0]=A\nr2[image]=\"device/./box\"\n");
        folder.Write("box/device.yaml", "title: x\nrole: router\nprotocols: [igmp]\nstrat: y\n");

        folder
            .Errors()
            .Should()
            .Equal("device.yaml:1:1: 'start' is missing", "device.yaml:4:1: there is no 'strat' here; did you mean start?");
    }

    [Fact]
    public async Task The_simulated_world_cannot_run_a_device_and_says_where_one_is_asked_for()
    {
        using var folder = new LabFolder("r1[0]=A\nr1[image]=\"device/frr\"\n");

        var up = () => new SimulatedEngine().Up(folder.Read(), new LabOptions(), TestContext.Current.CancellationToken);

        (await up.Should().ThrowAsync<InvalidFileException>()).Which.Problems.Should().ContainSingle().Which.ToString().Should()
            .Be($"{folder.Path}/lab.conf:2:12: the simulated engine cannot run the device of 'r1': it needs real packets");
    }
}
