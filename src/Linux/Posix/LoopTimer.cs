using MulticastLab.Packets;

namespace MulticastLab.Linux.Posix;

/// <summary>
/// A timer of an <see cref="EventLoop"/> on the monotonic clock (timerfd), as exact as the kernel's high-resolution timers.
/// </summary>
public sealed unsafe class LoopTimer : IDisposable
{
    private const int Flags = 0x80800; // TFD_CLOEXEC | TFD_NONBLOCK
    private const int Absolute = 1; // TFD_TIMER_ABSTIME

    private readonly EventLoop loop;
    private readonly FileDescriptor timer;

    internal LoopTimer(EventLoop loop, Action due)
    {
        this.loop = loop;
        timer = Libc.TimerCreate(KernelClock.MonotonicClock, Flags);
        if (timer.IsInvalid)
            throw LinuxException.Last("timerfd_create");
        loop.Watch(timer, () =>
        {
            ulong expirations;
            // Set again or cancelled since it was due: nothing to read, nothing to call.
            if (Libc.Read(timer, &expirations, sizeof(ulong)) < 0)
                return;
            DueAt = Instant.Never;
            due();
        });
    }

    /// <summary>When it is due on <see cref="KernelClock.Monotonic"/>; <see cref="Instant.Never"/> when it does not run.</summary>
    public Instant DueAt { get; private set; } = Instant.Never;

    /// <summary>
    /// Arms it to expire once at this instant of <see cref="KernelClock.Monotonic"/>, replacing what was set before; at once when that has
    /// passed.
    /// </summary>
    public void Set(Instant at)
    {
        if (at == DueAt)
            return;
        DueAt = at;
        // All zero disarms (timerfd_settime(2)); so an instant at or before boot becomes the first nanosecond.
        var nanoseconds = at == Instant.Never ? 0 : Math.Max(1, at.Nanoseconds);
        var value = new TimerSpecification { Value = TimeSpecification.Of(nanoseconds) };
        LinuxException.ThrowIfFailed(Libc.TimerSet(timer, Absolute, &value, null), "timerfd_settime");
    }

    /// <summary>Stops it.</summary>
    public void Cancel() => Set(Instant.Never);

    /// <summary>Stops and closes it.</summary>
    public void Dispose()
    {
        if (timer.IsClosed)
            return;
        loop.Unwatch(timer);
        timer.Dispose();
    }
}
