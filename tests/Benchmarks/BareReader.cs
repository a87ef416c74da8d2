using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Benchmarks;

/// <summary>
/// A thread that receives packets and does nothing but read their bytes: a lower bound for the cost of any daemon.
/// </summary>
internal sealed class BareReader
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly PacketSocket socket;
    private readonly bool sleeps;
    private readonly int expected;
    private readonly Thread thread;
    private long time;

    /// <summary>Starts to read.</summary>
    /// <param name="socket">Where from.</param>
    /// <param name="sleeps">Whether it sleeps before it looks again, so that packets accumulate.</param>
    /// <param name="expected">How many there will be, lost ones included.</param>
    public BareReader(PacketSocket socket, bool sleeps, int expected)
    {
        (this.socket, this.sleeps, this.expected) = (socket, sleeps, expected);
        thread = new Thread(Read) { Name = "reader" };
        thread.Start();
    }

    /// <summary>How many packets it has read.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of all bytes, so that they are really read.</summary>
    public long Sum { get; private set; }

    /// <summary>Waits until everything is read, and returns the processor time per packet in microseconds.</summary>
    public double Join()
    {
        thread.Join();
        return time / 1_000.0 / Count;
    }

    private unsafe void Read()
    {
        Processors.Pin(Processors.Reader);
        TimeSpecification clock;
        _ = Libc.ClockGetTime(ThreadClock, &clock);
        var before = Nanoseconds(clock);
        var reader = socket.Reader();
        // Nothing comes for so long only when the rest was lost.
        while (Count < expected && socket.WaitForPacket(TimeSpan.FromSeconds(5)))
        {
            int count;
            while ((count = reader.Receive()) > 0)
            {
                for (var i = 0; i < count; i++)
                {
                    foreach (var each in reader[i].Bytes)
                        Sum += each;
                }

                Count += count;
            }

            if (!sleeps)
                continue;
            var sleep = new TimeSpecification { Nanoseconds = 150_000 };
            _ = Libc.Sleep(KernelClock.MonotonicClock, 0, &sleep, null);
        }

        _ = Libc.ClockGetTime(ThreadClock, &clock);
        time = Nanoseconds(clock) - before;
    }

    private static long Nanoseconds(TimeSpecification time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;
}
