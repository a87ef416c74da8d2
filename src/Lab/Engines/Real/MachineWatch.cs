using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// Watches whether this machine gives a lab what it needs in time: a processor when a timer is due, and the kernel's network configuration
/// lock.
/// </summary>
/// <remarks>
/// The whole kernel has one such lock (rtnl). Joining a group, setting a forwarding entry and asking for an address take it, in every
/// namespace; and whoever removes a bridge, anywhere on the machine, may hold it for seconds while waiting for kernel callbacks. A device
/// under test can do nothing about that, so a run in which it happened must not be held against the device.
/// </remarks>
internal sealed class MachineWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop loop = new();
    private readonly LoopTimer timer;
    private readonly Thread thread;
    private readonly Action askConfiguration;
    private readonly TimeSpan tolerance;
    private readonly Lock gate = new();
    private readonly List<Disturbance> seen = [];
    private Instant due;

    private MachineWatch(TimeSpan tolerance, Action askConfiguration)
    {
        this.tolerance = tolerance;
        this.askConfiguration = askConfiguration;
        timer = loop.AddTimer(Look);
        thread = new Thread(loop.Run) { IsBackground = true, Name = "machine watch" };
    }

    /// <summary>The waits so far that were longer than tolerated. A snapshot.</summary>
    public IReadOnlyList<Disturbance> Seen
    {
        get
        {
            lock (gate)
                return [.. seen];
        }
    }

    /// <summary>Begins to watch, on a thread of its own.</summary>
    /// <param name="tolerance">How long a wait is tolerated.</param>
    /// <param name="askConfiguration">Something that needs the lock; null for asking the kernel for an interface's address.</param>
    public static MachineWatch Start(TimeSpan tolerance, Action? askConfiguration = null)
    {
        var watch = new MachineWatch(tolerance, askConfiguration ?? (static () => LinkInfo.Read("lo")));
        watch.Arm();
        watch.thread.Start();
        return watch;
    }

    /// <summary>Ends watching.</summary>
    public void Dispose()
    {
        loop.Stop();
        thread.Join();
        timer.Dispose();
        loop.Dispose();
    }

    private void Arm()
    {
        due = KernelClock.Monotonic + Interval;
        timer.Set(due);
    }

    private void Look()
    {
        var woken = KernelClock.Monotonic;
        Note(woken - due, "there was no processor for a thread whose timer was due");
        askConfiguration();
        Note(KernelClock.Monotonic - woken, "the kernel's network configuration lock was held by something else on this machine");
        Arm();
    }

    private void Note(TimeSpan waited, string what)
    {
        if (waited <= tolerance)
            return;
        lock (gate)
            seen.Add(new Disturbance(KernelClock.RealTime - waited, waited, what));
    }
}
