using System.Buffers.Binary;
using FluentAssertions;
using MulticastLab.Conformance.Benches;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Conformance.Benches;

public sealed class AddressPlanTests
{
    private static readonly Prefix Upstream = Prefix.Parse("198.51.100.1/24");

    [Theory]
    [InlineData("10.0.0.9/23")]
    [InlineData("192.168.1.3/24")]
    [InlineData("192.168.1.240/24")]
    [InlineData("172.16.5.200/16")]
    [InlineData("10.1.2.3/8")]
    [InlineData("192.0.2.35/27")]
    public void Everybody_is_in_the_devices_network_and_on_his_side_of_it(string text)
    {
        var device = Prefix.Parse(text);

        var plan = AddressPlan.V4.Around(device, null);

        plan.HasLower.Should().BeTrue();
        plan.Device.Should().Be(device.Address);
        Address[] lower = [plan.Low, plan.Lower];
        Address[] higher = [plan.High, plan.Higher, plan.Highest, .. plan.Hosts];
        lower.Concat(higher).Should().OnlyHaveUniqueItems().And.OnlyContain(each => device.Contains(each));
        lower.Should().OnlyContain(each => each < device.Address);
        plan.Lower.Should().BeLessThan(plan.Low);
        higher.Should().OnlyContain(each => each > device.Address);
        plan.Highest.V4Bits.Should().BeLessThan(LastOf(device), "that is the broadcast address");
    }

    [Fact]
    public void One_that_loses_would_win_with_its_bytes_in_the_wrong_order()
    {
        var plan = AddressPlan.V4.Around(Prefix.Parse("10.0.0.9/23"), null);

        BinaryPrimitives.ReverseEndianness(plan.Higher.V4Bits).Should().BeLessThan(
            BinaryPrimitives.ReverseEndianness(plan.Device.V4Bits));
    }

    [Theory]
    [InlineData("192.168.1.1/24")]
    [InlineData("192.168.1.2/24")]
    public void A_device_at_the_beginning_of_its_network_has_nobody_below_it(string text)
    {
        var device = Prefix.Parse(text);

        var plan = AddressPlan.V4.Around(device, null);

        plan.HasLower.Should().BeFalse();
        ((Address[])[plan.Low, plan.Lower, plan.High, plan.Higher, plan.Highest, .. plan.Hosts]).Should().OnlyHaveUniqueItems()
            .And.OnlyContain(each => device.Contains(each) && each != device.Address);
    }

    [Theory]
    [InlineData("192.168.1.250/24")]
    [InlineData("192.168.1.0/24")]
    [InlineData("10.0.0.9/30")]
    [InlineData("10.0.0.9/32")]
    public void Where_there_is_no_room_the_device_has_to_move(string text) =>
        FluentActions.Invoking(() => AddressPlan.V4.Around(Prefix.Parse(text), null)).Should().Throw<ArgumentException>()
            .WithMessage($"*{text} leaves no room*");

    [Theory]
    [InlineData("198.51.100.1/24")]
    [InlineData("198.51.100.254/24")]
    [InlineData("172.20.0.130/16")]
    public void The_sources_are_in_the_network_on_the_other_side(string text)
    {
        var upstream = Prefix.Parse(text);

        var plan = AddressPlan.V4.Around(Prefix.Parse("10.0.0.9/24"), upstream);

        plan.DeviceUpstream.Should().Be(upstream.Address);
        Enumerable.Range(1, 100).Select(plan.Source).Should().OnlyContain(each => upstream.Contains(each) && each != upstream.Address);
    }

    [Fact]
    public void A_network_without_room_for_the_sources_is_refused() =>
        FluentActions.Invoking(() => AddressPlan.V4.Around(Prefix.Parse("10.0.0.9/24"), Upstream with { Length = 28 })).Should()
            .Throw<ArgumentException>().WithMessage("*no room for the sources*");

    [Fact]
    public void Tests_that_follow_one_another_have_no_group_in_common()
    {
        var seen = new HashSet<Address>();
        for (var i = 0; i < 120; i++)
        {
            var plan = AddressPlan.V4.WithGroupsOf(i);
            Address[] groups =
            [
                .. plan.Groups, plan.SameMacAsFirst, .. plan.SourceSpecificGroups, plan.MadeUpGroup(1), plan.MadeUpGroup(65_000),
            ];

            groups.Should().OnlyContain(each => seen.Add(each));
            MacAddress.ForGroup(plan.SameMacAsFirst).Should().Be(MacAddress.ForGroup(plan.Groups[0]));
        }
    }

    private static uint LastOf(Prefix network) =>
        network.Address.Network(network.Length).V4Bits + (uint)((1UL << (32 - network.Length)) - 1);
}
