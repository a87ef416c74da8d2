using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>
/// The shipped device linux-switch: a bridge that snoops between a router (A), a member (B), a bystander (C) and a source (D).
/// </summary>
public sealed class LinuxSwitchTests
{
    private const string Name = "linux-switch";
    private const string Group = "239.1.1.1";

    // A switch has no addresses.
    private static readonly string[] FourPorts = ["", "", "", ""];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [DeviceFact(Name)]
    public async Task A_group_goes_to_its_member_and_to_the_router_and_to_nobody_else()
    {
        await using var lab = await DeviceLab.Up(Name, FourPorts);
        lab.Lab.Topology.Nodes.Single().Kind.Should().Be(NodeKind.Switch);
        await Heard(lab);
        await lab.Report("B", "10.0.0.12", new RecordContent(RecordType.ToExclude, Address.Parse(Group), []));
        await lab.Settle();

        await lab.Data("D", "10.0.0.14", Group);
        await lab.Data("D", "10.0.0.14", "239.1.1.99");
        await lab.Settle();

        Data(lab, "A").Should().Equal(Group, "239.1.1.99");
        Data(lab, "B").Should().Equal(Group);
        Data(lab, "C").Should().BeEmpty();
        Data(lab, "D").Should().BeEmpty();
    }

    [DeviceFact(Name)]
    public async Task Queries_go_to_all_ports_and_come_from_none_of_its_own()
    {
        await using var lab = await DeviceLab.Up(Name, FourPorts);

        await Heard(lab);

        string[] lans = ["A", "B", "C", "D"];
        lans.SelectMany(lan => lab.Sent(lan).Where(each => each.IsIgmp).Select(each => (lan, each.Envelope.Source.ToString())))
            .Should().Equal(("B", "10.0.0.1"), ("C", "10.0.0.1"), ("D", "10.0.0.1"));
    }

    [DeviceFact(Name)]
    public async Task Without_a_querier_it_floods()
    {
        await using var lab = await DeviceLab.Up(Name, FourPorts);

        await lab.Data("D", "10.0.0.14", Group);
        await lab.Settle();

        Data(lab, "A").Concat(Data(lab, "B")).Concat(Data(lab, "C")).Should().Equal(Group, Group, Group);
    }

    [DeviceFact(Name)]
    public async Task As_a_querier_it_queries_on_all_ports()
    {
        await using var lab = await DeviceLab.Up(Name, FourPorts, null, "OPTION_QUERIER=1");

        foreach (var lan in (string[])["A", "B", "C", "D"])
        {
            var queries = await lab.Until(lan, each => each.Query is { Kind: QueryKind.General }, count: 1, 2.Seconds());
            queries.Select(each => each.Envelope.Source).Should().NotBeEmpty().And.AllBeEquivalentTo(Address.AnyV4);
        }
    }

    private static IEnumerable<string> Data(DeviceLab lab, string lan) =>
        lab.Sent(lan).Where(each => each.Datagram is not null).Select(each => each.Envelope.Destination.ToString());

    /// <summary>A router queries, and the time for answers passes, until when a bridge floods.</summary>
    private static async Task Heard(DeviceLab lab)
    {
        var answers = 100.Milliseconds();
        await lab.Query("A", "10.0.0.1", answers, 125.Seconds());
        await lab.Lab.PassUntil(lab.Lab.Now + answers, Cancellation);
        await lab.Settle();
    }
}
