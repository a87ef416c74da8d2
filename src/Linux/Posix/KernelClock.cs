using System.Diagnostics;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Posix;

/// <summary>The kernel's clocks, in nanoseconds. Instants of the two must not be compared.</summary>
public static unsafe class KernelClock
{
    /// <summary>The number of CLOCK_MONOTONIC.</summary>
    internal const int MonotonicClock = 1;

    private const int RealTimeClock = 0;

    /// <summary>CLOCK_MONOTONIC: for timers; never set, never goes back. Its epoch is boot.</summary>
    // On Linux the base library's Stopwatch is this very clock, read without a system call.
    public static Instant Monotonic => new(Stopwatch.GetTimestamp());

    /// <summary>CLOCK_REALTIME: the clock of the kernel's packet timestamps. Its epoch is 1970.</summary>
    public static Instant RealTime
    {
        get
        {
            TimeSpecification time;
            LinuxException.ThrowIfFailed(Libc.ClockGetTime(RealTimeClock, &time), "clock_gettime(CLOCK_REALTIME)");
            return new Instant((time.Seconds * 1_000_000_000) + time.Nanoseconds);
        }
    }
}
