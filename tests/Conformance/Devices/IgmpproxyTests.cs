using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Devices;

/// <summary>The shipped device igmpproxy: eth0 is its downstream, eth1 its upstream.</summary>
public sealed class IgmpproxyTests
{
    private const string Name = "igmpproxy";
    private const string Group = "239.1.1.1";

    private static readonly string[] TwoLans = ["10.0.0.1/24", "10.1.0.1/24"];

    [DeviceFact(Name)]
    public async Task It_queries_downstream_and_reports_upstream_what_a_host_joins()
    {
        await using var lab = await DeviceLab.Up(Name, TwoLans);
        lab.Lab.Topology.Nodes.Single().Kind.Should().Be(NodeKind.Router);

        var query = lab.Sent("A").First(each => each.Query is not null);
        query.Query!.Kind.Should().Be(QueryKind.General);
        (query.Envelope.Source.ToString(), query.Query.Generation, query.Query.MaxResponseTime)
            .Should().Be(("10.0.0.1", Generation.Leaves, 10.Seconds()));
        lab.Sent("B").Where(each => each.IsIgmp).Should().BeEmpty();

        await lab.Report("A", "10.0.0.11", new RecordContent(RecordType.ToExclude, Address.Parse(Group), []));
        var reports = await lab.Until("B", each => each.Report is not null, count: 1, 2.Seconds());

        reports.Should().NotBeEmpty();
        reports[0].Envelope.Source.ToString().Should().Be("10.1.0.1");
        reports[0].Report!.Records.Select(each => (each.Type, each.Group.ToString(), each.Sources.Count))
            .Should().Equal((RecordType.ToExclude, Group, 0));
        lab.Sent("B").Where(each => each.Query is not null).Should().BeEmpty();
    }

    [DeviceFact(Name)]
    public async Task It_forwards_from_sources_beyond_the_upstream_what_a_host_has_joined()
    {
        await using var lab = await DeviceLab.Up(Name, TwoLans);
        await lab.Report("A", "10.0.0.11", new RecordContent(RecordType.ToExclude, Address.Parse(Group), []));
        await lab.Until("B", each => each.Report is not null, count: 1, 2.Seconds());

        await lab.Data("B", "192.0.2.5", Group);
        await lab.Data("B", "192.0.2.5", "239.1.1.99");
        var datagrams = await lab.Until("A", each => each.Datagram is not null, count: 1, 2.Seconds());
        await lab.Settle();

        datagrams.Should().NotBeEmpty();
        lab.Sent("A").Where(each => each.Datagram is not null)
            .Select(each => (each.Envelope.Source.ToString(), each.Envelope.Destination.ToString(), each.Envelope.TimeToLive))
            .Should().Equal(("192.0.2.5", Group, (byte)63));
    }

    [DeviceFact(Name)]
    public async Task Without_an_upstream_it_says_what_it_needs()
    {
        var up = () => DeviceLab.Up(Name, ["10.0.0.1/24"]);

        (await up.Should().ThrowAsync<DeviceDiedException>()).WithMessage("*igmpproxy needs an upstream: a second interface, eth1*");
    }

    [DeviceFact(Name)]
    public async Task Without_an_address_upstream_it_says_what_it_needs()
    {
        var up = () => DeviceLab.Up(Name, ["10.0.0.1/24", ""]);

        (await up.Should().ThrowAsync<DeviceDiedException>()).WithMessage("*igmpproxy needs an address on eth1*");
    }
}
