using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership;

public sealed class TimerQueueTests
{
    private readonly TimerQueue queue = new();

    [Fact]
    public void An_empty_queue_is_never_due()
    {
        queue.NextDue.Should().Be(Instant.Never);
        queue.TakeDue(new Instant(long.MaxValue - 1), out _).Should().BeNull();
    }

    [Fact]
    public void A_timer_is_due_at_its_instant_and_not_a_nanosecond_before()
    {
        var timer = new Named("a");
        queue.Start(timer, new Instant(100));

        queue.TakeDue(new Instant(99), out _).Should().BeNull();
        queue.TakeDue(new Instant(100), out var due).Should().BeSameAs(timer);

        due.Should().Be(new Instant(100));
        timer.IsRunning.Should().BeFalse();
        queue.NextDue.Should().Be(Instant.Never);
    }

    [Fact]
    public void A_postponed_timer_is_not_due_at_its_old_time_and_the_queue_does_not_wake_up_for_it()
    {
        var timer = new Named("a");
        queue.Start(timer, new Instant(100));
        queue.Start(timer, new Instant(300));

        queue.NextDue.Should().Be(new Instant(300));
        queue.TakeDue(new Instant(299), out _).Should().BeNull();
        queue.TakeDue(new Instant(300), out _).Should().BeSameAs(timer);
    }

    [Fact]
    public void A_timer_postponed_and_hastened_again_is_due_at_its_last_time()
    {
        var timer = new Named("a");
        queue.Start(timer, new Instant(100));
        queue.Start(timer, new Instant(300));
        queue.Start(timer, new Instant(200));
        queue.NextDue.Should().Be(new Instant(200));
        queue.Start(timer, new Instant(50));
        queue.NextDue.Should().Be(new Instant(50));
    }

    [Fact]
    public void A_late_call_gets_the_timers_in_the_order_of_their_times_with_those_times()
    {
        queue.Start(new Named("c"), new Instant(30));
        queue.Start(new Named("a"), new Instant(10));
        queue.Start(new Named("b"), new Instant(20));

        TakeAll(new Instant(1000)).Should().Equal((10, "a"), (20, "b"), (30, "c"));
    }

    [Fact]
    public void Clearing_stops_every_timer_and_they_can_be_started_again()
    {
        var timer = new Named("a");
        queue.Start(timer, new Instant(10));
        queue.Clear();
        timer.IsRunning.Should().BeFalse();
        queue.Count.Should().Be(0);

        queue.Start(timer, new Instant(20));
        TakeAll(new Instant(20)).Should().Equal((20, "a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_mix_of_starting_moving_stopping_and_taking_agrees_with_a_sorted_list(int seed)
    {
        var random = new Random(seed);
        var timers = Enumerable.Range(0, 60).Select(i => new Named($"{i}")).ToArray();
        var model = new Dictionary<Named, long>();
        var now = 0L;
        for (var step = 0; step < 20_000; step++)
        {
            var timer = timers[random.Next(timers.Length)];
            switch (random.Next(10))
            {
                case < 6:
                    model[timer] = now + random.Next(500);
                    queue.Start(timer, new Instant(model[timer]));
                    break;
                case < 8:
                    model.Remove(timer);
                    queue.Stop(timer);
                    break;
                default:
                    now += random.Next(40);
                    var expected = model
                        .Where(each => each.Value <= now)
                        .Select(each => (each.Value, each.Key.Name))
                        .OrderBy(each => each)
                        .ToList();
                    var taken = TakeAll(new Instant(now));
                    taken.Select(each => each.Due).Should().BeInAscendingOrder();
                    taken.OrderBy(each => each).Should().Equal(expected);
                    foreach (var (_, name) in expected)
                        model.Remove(timers.Single(each => each.Name == name));
                    break;
            }

            queue.Count.Should().Be(model.Count);
            // One call may not do for all that were postponed.
            Settled(queue).Nanoseconds.Should().Be(model.Count == 0 ? long.MaxValue : model.Values.Min());
            timer.Due.Nanoseconds.Should().Be(model.TryGetValue(timer, out var due) ? due : long.MaxValue);
        }
    }

    [Fact]
    public void When_all_timers_were_postponed_a_call_lets_a_few_of_them_sink()
    {
        var timers = Enumerable.Range(1, 1000).Select(i => new Named($"{i}")).ToArray();
        for (var i = 0; i < timers.Length; i++)
            queue.Start(timers[i], new Instant(100 + i));
        // The first one last: until then none of them can sink.
        foreach (var timer in timers.Reverse())
            queue.Start(timer, new Instant(10_000));

        queue.NextDue.Should().Be(new Instant(100 + TimerQueue.SinksPerCall), "the others keep their old times until their turn comes");
        queue.NextDue.Should().Be(new Instant(100 + TimerQueue.SinksPerCall), "to look at it changes nothing");
        queue.TakeDue(new Instant(600), out _).Should().BeNull();
        queue.NextDue.Should().Be(new Instant(601 + TimerQueue.SinksPerCall), "what has passed does not come again");
        Settled(queue).Should().Be(new Instant(10_000));
        TakeAll(new Instant(10_000)).Should().HaveCount(1000);
    }

    [Fact]
    public void Postponing_allocates_nothing()
    {
        var timers = Enumerable.Range(0, 100).Select(i => new Named($"{i}")).ToArray();
        foreach (var timer in timers)
            queue.Start(timer, new Instant(1));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 100; i++)
        {
            foreach (var timer in timers)
                queue.Start(timer, new Instant(i));
            _ = queue.NextDue;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    /// <summary>When the next timer expires indeed.</summary>
    private static Instant Settled(TimerQueue queue)
    {
        while (true)
        {
            var due = queue.NextDue;
            queue.TakeDue(new Instant(due.Nanoseconds - 1), out _).Should().BeNull();
            queue.NextDue.Should().BeGreaterThanOrEqualTo(due);
            if (queue.NextDue == due)
                return due;
        }
    }

    private List<(long Due, string Name)> TakeAll(Instant now)
    {
        var taken = new List<(long, string)>();
        while (queue.TakeDue(now, out var due) is Named timer)
            taken.Add((due.Nanoseconds, timer.Name));
        return taken;
    }

    private sealed class Named(string name) : QueuedTimer
    {
        public string Name => name;
    }
}
