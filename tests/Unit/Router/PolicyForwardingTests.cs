using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>Policies that decide what the kernel forwards, with real packets from LAN to LAN.</summary>
public sealed class PolicyForwardingTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --forward ";
    private static readonly Address Member = Address.Parse("10.0.1.2");

    private readonly RoutedLans lans = new(2);

    public void Dispose() => lans.Dispose();

    [Fact]
    public async Task Static_groups_are_forwarded_to_a_LAN_without_any_member()
    {
        using var daemon = await RouterProcess.StartReady(
            lans.Router,
            Options + "--static-group eth1=239.1.1.1 --static-group eth1=10.0.0.2,232.1.1.1 --static-group eth1=10.0.0.9,232.1.1.2");
        using var sender = lans.Sender(0);
        using var wire = lans.EavesdropOn(1);

        // The last one is wanted from another source: it is what must not come, sent before what must.
        sender.Send("232.1.1.2", 1);
        sender.Send("239.1.1.9", 2);
        sender.Send("239.1.1.1", 3);
        sender.Send("232.1.1.1", 4);

        wire.Until(3);
        wire.Until(4);
        wire.Seen.Select(each => (each.Group.ToString(), each.Number)).Should().BeEquivalentTo([("239.1.1.1", 3), ("232.1.1.1", 4)]);
        (await daemon.State()).Interfaces[1].Groups.Should().HaveCount(3);
    }

    [Fact]
    public Task An_immediate_leave_ends_the_stream_before_the_next_packet() => Undisturbed.Run(async () =>
    {
        using var daemon = await RouterProcess.StartReady(lans.Router, Options + "--immediate-leave eth1=always");
        using var ear = new IgmpEar(lans.Host(1));
        using var sender = lans.Sender(0);
        using var wire = lans.EavesdropOn(1);
        ear.Report(Member, RecordType.ToExclude, Address.Parse("239.1.1.1"));
        ear.Report(Member, RecordType.ToExclude, Address.Parse("239.1.1.2"));
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 2, "the groups are there");
        sender.Send("239.1.1.1", 1);
        wire.Until(1).Should().Equal(1);

        ear.Report(Member, RecordType.ToInclude, Address.Parse("239.1.1.1"));
        await daemon.Until(it => it.Interfaces[1].Groups.Count == 1, "the group is gone");
        sender.Send("239.1.1.1", 2);
        sender.Send("239.1.1.2", 3);

        wire.Until(3).Should().Equal([1, 3], "what was sent after the leave was taken in is not forwarded");
    });
}
