using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>The daemons' one-thread loop.</summary>
public sealed partial class EventLoopTests
{
    private const int WindowChanged = 28; // SIGWINCH

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(0.2);

    [Fact]
    public void Timers_fire_once_each_and_never_early()
    {
        using var loop = new EventLoop();
        var fired = new List<(string Name, bool Early)>();
        var start = KernelClock.Monotonic;
        using var late = Timer("late", 8);
        using var soon = Timer("soon", 3);
        using var past = Timer("past", -1);
        using var cancelled = Timer("cancelled", 1);
        cancelled.Cancel();
        using var moved = Timer("moved", 1);
        moved.Set(start + TimeSpan.FromMilliseconds(12));

        loop.Run();

        fired.Should().BeEquivalentTo([("past", false), ("soon", false), ("late", false), ("moved", false)]);
        new[] { past, soon, late, cancelled, moved }.Should().OnlyContain(timer => timer.DueAt == Instant.Never);

        LoopTimer Timer(string name, int milliseconds)
        {
            var due = start + TimeSpan.FromMilliseconds(name == "moved" ? 12 : milliseconds);
            var timer = loop.AddTimer(() =>
            {
                fired.Add((name, KernelClock.Monotonic < due));
                if (fired.Count == 4)
                    loop.Stop();
            });
            timer.Set(start + TimeSpan.FromMilliseconds(milliseconds));
            return timer;
        }
    }

    [Fact]
    public async Task Posted_work_runs_on_the_loop_and_its_result_or_exception_comes_back()
    {
        using var loop = new EventLoop();
        var thread = new Thread(loop.Run);
        thread.Start();

        var ranOn = await loop.Invoke(() => Environment.CurrentManagedThreadId);
        var failing = async () => await loop.Invoke<int>(() => throw new InvalidOperationException("no"));

        ranOn.Should().Be(thread.ManagedThreadId);
        await failing.Should().ThrowAsync<InvalidOperationException>().WithMessage("no");
        loop.Stop();
        thread.Join();
    }

    [Fact]
    public void A_rest_is_taken_whole_before_the_loop_waits_again_whatever_is_ready()
    {
        var ran = Rested();

        (ran[1] - ran[0]).Should().BeGreaterThanOrEqualTo(Rest, "what is ready waits too");
    }

    [Fact]
    public void A_rest_is_taken_once() =>
        // The machine may keep the loop waiting too, but not each time.
        Enumerable.Range(0, 10).Should().Contain(_ => SecondWait() < Rest);

    [Fact]
    public void A_signal_does_not_cut_a_rest_short()
    {
        var ran = Rested(interrupted: true);

        (ran[1] - ran[0]).Should().BeGreaterThanOrEqualTo(Rest);
    }

    [Fact]
    public void When_all_that_was_ready_has_been_served_the_loop_says_so_once()
    {
        using var loop = new EventLoop();
        var told = new List<string>();
        loop.Served = () => told.Add("served");
        using var one = loop.AddTimer(() => told.Add("timer"));
        using var another = loop.AddTimer(() => told.Add("timer"));
        one.Set(KernelClock.Monotonic);
        another.Set(KernelClock.Monotonic);
        loop.Post(() => loop.Post(loop.Stop));

        loop.Run();

        told.Should().Equal("timer", "timer", "served", "served");
    }

    [Fact]
    public void What_was_posted_before_the_end_still_runs()
    {
        using var loop = new EventLoop();
        var ran = false;
        loop.Stop();
        loop.Post(() => ran = true);

        loop.Run();

        ran.Should().BeTrue();
    }

    // sizeof of the C structures on 64-bit Linux: recvmmsg(2), packet(7), bpf.
    [Fact]
    public void Structures_have_the_kernels_sizes() =>
        (Unsafe.SizeOf<MessageHeader>(), Unsafe.SizeOf<MultiMessageHeader>(), Unsafe.SizeOf<ControlHeader>(), Unsafe.SizeOf<LinkAddress>(),
            Unsafe.SizeOf<FilterInstruction>(), Unsafe.SizeOf<TimerSpecification>(), Unsafe.SizeOf<PollEntry>())
            .Should().Be((56, 64, 16, 20, 8, 32, 8));

    private static TimeSpan SecondWait() => Rested() is var ran ? ran[2] - ran[1] : default;

    /// <summary>When the loop ran before a rest, after it, and once more.</summary>
    /// <param name="interrupted">Whether its thread gets signals meanwhile.</param>
    private static List<Instant> Rested(bool interrupted = false)
    {
        using var loop = new EventLoop();
        using var caught = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => { });
        var (ran, thread) = (new List<Instant>(), 0);
        using var resting = new ManualResetEventSlim();
        using var ended = new CancellationTokenSource();
        var signals = new Thread(() =>
        {
            resting.Wait();
            // As a child process does that ends: the runtime catches that as well.
            while (!ended.IsCancellationRequested)
                Signal(Environment.ProcessId, thread, WindowChanged).Should().Be(0);
        });
        signals.Start();
        loop.Post(First);

        loop.Run();
        ended.Cancel();
        resting.Set();
        signals.Join();
        return ran;

        void First()
        {
            thread = ThreadId();
            if (interrupted)
                resting.Set();
            ran.Add(KernelClock.Monotonic);
            loop.Rest(Rest);
            loop.Post(Second);
        }

        void Second()
        {
            ran.Add(KernelClock.Monotonic);
            loop.Post(Third);
        }

        void Third()
        {
            ran.Add(KernelClock.Monotonic);
            loop.Stop();
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "tgkill")]
    private static partial int Signal(int process, int thread, int signal);
}
