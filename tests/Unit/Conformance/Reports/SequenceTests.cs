using FluentAssertions;
using MulticastLab.Conformance.Reports.Pages;
using MulticastLab.Conformance.Reports.Pages.Sequences;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Conformance.Reports;

/// <summary>Where things are in a sequence diagram, and what a diff of states says.</summary>
public sealed class SequenceTests
{
    [Fact]
    public void Marks_are_as_far_apart_as_their_times()
    {
        var scale = Scale(0, 1, 2, 4);

        (scale[2] - scale[1]).Should().BeApproximately(scale[1] - scale[0], 0.01);
        (scale[3] - scale[2]).Should().BeApproximately(2 * (scale[1] - scale[0]), 0.01);
        scale.IsCompressed.Should().BeFalse();
        scale.Of(1.5m).Should().BeApproximately((scale[1] + scale[2]) / 2, 0.01);
    }

    [Fact]
    public void Where_nothing_happens_for_long_the_axis_is_broken_and_says_for_how_long()
    {
        var scale = Scale(0, 1, 2, 127, 128);

        (scale[3] - scale[2]).Should().Be(TimeScale.LongestGap);
        scale.IsCompressed.Should().BeTrue();
        scale.Breaks.Should().ContainSingle().Which.Seconds.Should().Be(125);
    }

    [Fact]
    public void What_happens_at_once_can_still_be_read()
    {
        var scale = Scale(0, 0, 0.00001m, 1, 2);

        (scale[1] - scale[0]).Should().BeGreaterThanOrEqualTo(20);
        (scale[2] - scale[1]).Should().BeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public void Stations_of_the_first_LAN_are_left_of_the_device_those_of_others_right()
    {
        var lines = Lifelines.Of(
            [Frame("dut", "A"), Frame("host2", "A"), Frame("host1", "A"), Frame("sources", "B"), Frame("dut", "C")], ["A", "B", "C"], 100);

        lines.All.Select(each => each.Name).Should().Equal("host2", "host1", "dut", "sources", "LAN C");
        lines.All.Select(each => each.X).Should().BeInAscendingOrder();
        lines.On("A").Select(each => each.Name).Should().Equal("host2", "host1", "dut");
        lines.On("B").Select(each => each.Name).Should().Equal("dut", "sources");
        lines.Of("dut", "C")!.Name.Should().Be("dut");
        lines.Of("sources", "A").Should().BeNull();
    }

    [Fact]
    public void A_diff_of_states_tells_what_is_new_gone_and_changed()
    {
        var (g1, g2, s1) = (Address.Parse("239.1.1.1"), Address.Parse("239.1.1.2"), Address.Parse("192.0.2.1"));
        var before = State(new GroupState
        {
            Group = g1,
            Mode = FilterMode.Exclude,
            CompatibilityMode = 3,
            Expires = TimeSpan.FromSeconds(260),
        });
        var after = State(new GroupState
        {
            Group = g2,
            Mode = FilterMode.Include,
            CompatibilityMode = 3,
            Sources = [new SourceState { Source = s1, Expires = TimeSpan.FromSeconds(1.5) }],
        }) with { Statistics = new StatisticsState { Received = new Dictionary<string, long> { ["report"] = 2 } } };

        StateDiff.Of(before, after).Where(each => each.HasChanged).Select(each => (each.Sign, each.Item, each.Before, each.After))
            .Should().Equal(
                ("+", "eth0 239.1.1.2", null, "INCLUDE, version 3"),
                ("+", "eth0 239.1.1.2 192.0.2.1", null, "forwarded, 1.5 s"),
                ("+", "received report", null, "2"),
                ("−", "eth0 239.1.1.1", "EXCLUDE, 260 s, version 3", null));
        StateDiff.Of(before, before).Should().NotBeEmpty().And.OnlyContain(each => !each.HasChanged);
    }

    private static RouterState State(GroupState group) =>
        new() { Interfaces = [new InterfaceState { Name = "eth0", Up = true, Version = 3, Groups = [group] }] };

    private static SequenceMark Frame(string sender, string lan) => new(0, MarkKind.Frame, "a frame") { Sender = sender, Lan = lan };

    private static TimeScale Scale(params decimal[] times) =>
        new([.. times.Select(each => new SequenceMark(each, MarkKind.Frame, ""))], _ => (18, 4), 40);
}
