using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Membership.Router;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>When a stream stops after the last member has left, by the kernel's timestamps of the leave and of the last packet.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class LeaveTimeTests : IDisposable
{
    private const string Group = "239.1.1.1";
    private const int Rounds = 5;

    private static readonly TimeSpan LastMemberQueryTime = TimeSpan.FromSeconds(0.2); // §8.10: 2 × 0.1 s
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(15); // of the stream, on a machine that is busy
    private static readonly TimeSpan Lateness = TimeSpan.FromMilliseconds(20);

    private readonly RoutedLans lans = new(2);

    public void Dispose() => lans.Dispose();

    [Fact]
    public Task The_stream_stops_at_the_Last_Member_Query_Time() =>
        Undisturbed.Run(async () =>
        {
            using var router = await RouterProcess.StartReady(
                lans.Router, "--interface eth0 --interface eth1 --forward --last-member-query-interval 0.1");
            using var ear = new IgmpEar(lans.Host(1));
            await using var stream = new NumberedStream(lans.Sender(0), Group);
            var late = new List<TimeSpan>();

        for (var round = 0; round < Rounds; round++)
        {
            using var there = lans.EavesdropOn(1);
            using (lans.Receiver(1, Group))
            {
                await router.UntilRoutes(it => it.Entry(Group)?.Outgoing.Count == 1, "it flows");
                await stream.More(20);
                ear.Pending();
            }

            // The member's own kernel leaves; its repetition of the leave changes nothing any more (§6.4.2).
            var leave = ear.Next(each => each.Type == IgmpType.V3MembershipReport && each.Source == Address.Parse("10.0.1.2"), "the leave");
            await router.UntilRoutes(it => it.Entry(Group)?.Outgoing.Count == 0, "it stops");
            await stream.More(50);
            there.Numbers();
            late.Add(there.Seen[^1].At - leave.At - LastMemberQueryTime);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"last packet after LMQT: "
            + $"{string.Join(", ", late.Select(each => $"{each.TotalMilliseconds:F1} ms"))}");
        late.Should().OnlyContain(each => each > -Spacing, "it must not stop before");
        // One round may meet a machine that is busy with something else; the middle one tells the router's doing.
        late.Order().ElementAt(Rounds / 2).Should().BeLessThan(Lateness);
    });
}
