using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>The shipped device linux-bridge: the kernel's bridge as a querier between the tested LAN and that of the sources.</summary>
public sealed class LinuxBridgeTests
{
    private const string Name = "linux-bridge";

    private static readonly string[] TwoLans = ["10.0.0.2/24", "10.1.0.2/24"];

    private static readonly Timing Short = new()
    {
        QueryInterval = 2.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 1.Seconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
    };

    private static readonly TimeSpan Late = DeviceLab.Read(Name).Granularity + 200.Milliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [DeviceFact(Name)]
    public async Task It_queries_from_its_address_with_the_timers_that_it_is_given()
    {
        await using var lab = await DeviceLab.Up(Name, TwoLans, Short);

        var queries = await lab.Until("A", IsGeneral, count: 4, 8.Seconds());

        var first = new QueryContent(
            Generation.Sources, 1.Seconds(), Address.AnyV4, SuppressRouterSideProcessing: false, RobustnessVariable: 2, 2.Seconds(), []);
        queries.Should().HaveCountGreaterThanOrEqualTo(4);
        queries.Select(each => each.Query).Should().AllBeEquivalentTo(first);
        queries.Select(each => each.Envelope.Source.ToString()).Should().AllBe("10.0.0.2");
        Gaps(queries).Take(3).Zip([1.Seconds(), 2.Seconds(), 2.Seconds()])
            .Should().OnlyContain(each => each.First >= each.Second && each.First <= each.Second + Late);
    }

    [DeviceFact(Name)]
    public async Task In_version_2_it_queries_in_the_form_of_that_version()
    {
        await using var lab = await DeviceLab.Up(Name, ["10.0.0.2/24"], Short, "VERSION=2");

        (await lab.Until("A", IsGeneral, count: 1, 2.Seconds())).Select(each => each.Query!.Generation)
            .Should().NotBeEmpty().And.AllBeEquivalentTo(Generation.Leaves);
        (await lab.Lab.RouterState(DeviceLab.Dut, Cancellation)).Interfaces.Select(each => each.Version).Should().Equal(2);
    }

    [DeviceFact(Name)]
    public async Task Its_state_has_the_groups_and_sources_of_each_interface_with_their_timers()
    {
        await using var lab = await DeviceLab.Up(Name, TwoLans, Short);

        await lab.Report(
            "A", "10.0.0.11",
            new RecordContent(RecordType.ToExclude, Address.Parse("239.1.1.1"), [Address.Parse("192.0.2.1")]),
            new RecordContent(RecordType.Allow, Address.Parse("239.1.1.1"), [Address.Parse("192.0.2.2")]),
            new RecordContent(RecordType.Allow, Address.Parse("239.1.1.2"), [Address.Parse("192.0.2.3")]));
        await lab.Report("B", "10.1.0.11", new RecordContent(RecordType.IsExclude, Address.Parse("239.1.1.3"), []));
        RouterState? state = null;
        await lab.Lab.Until(
            async token => (state = await lab.Lab.RouterState(DeviceLab.Dut, token)).Interfaces.Sum(each => each.Groups.Count) == 3,
            2.Seconds(), Cancellation);

        // RFC 9776 §8.4: twice the Query Interval, and twice the Query Response Interval.
        var membership = 6.Seconds();
        state!.Interfaces.Select(each => (each.Name, each.Up, each.IsQuerier, each.Querier?.ToString(), each.Timing.QueryInterval))
            .Should().Equal(("eth0", true, true, "10.0.0.2", 2.Seconds()), ("eth1", true, true, "10.0.0.2", 2.Seconds()));
        state.Interfaces.SelectMany(each => each.Groups.Select(group => (each.Name, group.Group.ToString(), group.Mode)))
            .Should().Equal(
                ("eth0", "239.1.1.1", FilterMode.Exclude), ("eth0", "239.1.1.2", FilterMode.Include),
                ("eth1", "239.1.1.3", FilterMode.Exclude));
        state.Interfaces.SelectMany(each => each.Groups).SelectMany(each => each.Sources)
            .Select(each => (each.Source.ToString(), each.Forward))
            .Should().Equal(("192.0.2.1", false), ("192.0.2.2", true), ("192.0.2.3", true));
        var groups = state.Interfaces.SelectMany(each => each.Groups).ToList();
        TimeSpan[] running = [groups[0].Expires, groups[2].Expires, groups[0].Sources[1].Expires, groups[1].Sources[0].Expires];
        running.Should().OnlyContain(left => left > membership - 3.Seconds() && left <= membership);
        groups[1].Expires.Should().Be(TimeSpan.Zero);
        state.Statistics.Received["report"].Should().Be(2);
        // What is forwarded is the kernel's own word, not what follows from the timers.
        (await lab.Lab.Execute(DeviceLab.Dut, "cd \"$DEVICE_DIR\" && DEVICE_ADDRESS=10.0.0.2 ./state", Cancellation)).Output
            .Should().MatchRegex("\"192.0.2.1\"[^}]*\"multicast-lab:forward\":false").And.MatchRegex("\"192.0.2.2\"[^}]*forward\":true");
    }

    [DeviceFact(Name)]
    public async Task It_forwards_from_eth1_to_eth0_what_the_members_want_and_the_state_says_the_same()
    {
        const string Group = "239.1.1.1";
        await using var lab = await DeviceLab.Up(Name, TwoLans, Short);
        await lab.Report(
            "A", "10.0.0.11", new RecordContent(RecordType.ToExclude, Address.Parse(Group), [Address.Parse("10.1.0.6")]));
        await Known(lab, Group);
        // Until the answers to its first query are in, a bridge floods.
        await lab.Lab.PassUntil(lab.Lab.Now + Short.QueryResponseInterval, Cancellation);

        await lab.Data("B", "10.1.0.5", Group);
        await lab.Data("B", "10.1.0.6", Group);
        await lab.Data("B", "10.1.0.5", "239.1.1.99");
        await lab.Settle();

        lab.Sent("A").Where(each => each.Datagram is not null)
            .Select(each => (each.Envelope.Source.ToString(), each.Envelope.Destination.ToString()))
            .Should().Equal(("10.1.0.5", Group));
        (await lab.Lab.RouterState(DeviceLab.Dut, Cancellation)).Interfaces[0].Groups.Single().Sources
            .Select(each => (each.Source.ToString(), each.Forward)).Should().Equal(("10.1.0.6", false));
    }

    [DeviceFact(Name)]
    public async Task It_follows_a_lower_querier_until_the_Other_Querier_Present_Interval_is_over()
    {
        await using var lab = await DeviceLab.Up(Name, ["10.0.0.2/24"], Short);
        var heard = lab.Lab.Now;
        await lab.Query("A", "10.0.0.1", 1.Seconds(), 2.Seconds());
        InterfaceState? eth0 = null;
        await lab.Lab.Until(
            async token => !(eth0 = (await lab.Lab.RouterState(DeviceLab.Dut, token)).Interfaces[0]).IsQuerier, 2.Seconds(), Cancellation);

        // RFC 9776 §8.5: twice the Query Interval, and half the Query Response Interval.
        var present = 4500.Milliseconds();
        eth0!.IsQuerier.Should().BeFalse();
        eth0.OtherQuerierPresentExpires!.Value.Should().BeGreaterThan(present - 3.Seconds()).And.BeLessThanOrEqualTo(present);
        var again = await lab.Until("A", each => IsGeneral(each) && each.At > heard + 100.Milliseconds(), count: 1, present + 2.Seconds());
        again.Should().NotBeEmpty();
        (again[0].At - heard).Should().BeGreaterThanOrEqualTo(present).And.BeLessThanOrEqualTo(present + Late);
        (await lab.Lab.RouterState(DeviceLab.Dut, Cancellation)).Interfaces[0].IsQuerier.Should().BeTrue();
    }

    [DeviceFact(Name)]
    public async Task With_immediate_leave_a_group_goes_with_its_last_member()
    {
        const string Group = "239.1.1.1";
        await using var lab = await DeviceLab.Up(Name, ["10.0.0.2/24"], Timing.Default, "OPTION_IMMEDIATE_LEAVE=1");
        await lab.Report("A", "10.0.0.11", new RecordContent(RecordType.ToExclude, Address.Parse(Group), []));
        await Known(lab, Group);

        await lab.Report("A", "10.0.0.11", new RecordContent(RecordType.ToInclude, Address.Parse(Group), []));

        // Well within the Last Member Query Time of 2 s.
        (await lab.Lab.Until(
            async token => (await lab.Lab.RouterState(DeviceLab.Dut, token)).Interfaces[0].Groups.Count == 0, 1.Seconds(), Cancellation))
            .Should().BeTrue();
    }

    [DeviceFact(Name)]
    public async Task It_starts_again_after_it_was_killed_and_its_bridge_goes_when_it_ends_in_good_order()
    {
        const string Bridges = "ip -brief link show type bridge";
        await using var lab = await DeviceLab.Up(Name, ["10.0.0.2/24"], Short);
        await lab.Report("A", "10.0.0.11", new RecordContent(RecordType.ToExclude, Address.Parse("239.1.1.1"), []));
        await Known(lab, "239.1.1.1");

        await lab.Lab.Kill(DeviceLab.Dut, Cancellation);
        (await lab.Lab.Execute(DeviceLab.Dut, Bridges, Cancellation)).Output.Should().BeEmpty("what was killed queries no more");
        (await lab.Lab.Execute(DeviceLab.Dut, "cat /sys/class/net/eth0/operstate", Cancellation)).Output.Should().Be("up\n");
        await lab.Lab.Start(DeviceLab.Dut, Cancellation);

        (await lab.Lab.RouterState(DeviceLab.Dut, Cancellation)).Interfaces[0].Groups.Should().BeEmpty();
        (await lab.Lab.Execute(DeviceLab.Dut, Bridges, Cancellation)).Output.Split('\n').Should().HaveCount(2);
        // To all processes of the node but its first and this one.
        await lab.Lab.Execute(DeviceLab.Dut, "kill -TERM -1", Cancellation);
        var left = "";
        for (var tries = 0; tries == 0 || (left.Length > 0 && tries < 100); tries++)
            left = (await lab.Lab.Execute(DeviceLab.Dut, Bridges, Cancellation)).Output;
        left.Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task Without_an_address_it_says_what_it_lacks()
    {
        var up = () => DeviceLab.Up(Name, [""]);

        (await up.Should().ThrowAsync<Lab.Engines.DeviceDiedException>()).WithMessage("*eth0 has no address to query from*");
    }

    private static bool IsGeneral(SeenFrame frame) => frame.Query is { Kind: QueryKind.General };

    private static IEnumerable<TimeSpan> Gaps(IReadOnlyList<SeenFrame> frames) => frames.Zip(frames.Skip(1), (a, b) => b.At - a.At);

    private static async Task Known(DeviceLab lab, string group) =>
        (await lab.Lab.Until(
            async token => (await lab.Lab.RouterState(DeviceLab.Dut, token)).Interfaces
                .Any(each => each.Groups.Any(known => known.Group == Address.Parse(group))),
            2.Seconds(), Cancellation))
        .Should().BeTrue();
}
