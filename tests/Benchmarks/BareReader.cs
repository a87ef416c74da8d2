using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Benchmarks;

/// <summary>
/// A thread that takes packets and does nothing with them but to look at their bytes: what no daemon can be cheaper than.
/// </summary>
internal sealed class BareReader
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly PacketSocket socket;
    private readonly bool naps;
    private readonly int expected;
    private readonly Thread thread;
    private long time;

    /// <summary>Starts to read.</summary>
    /// <param name="socket">Where from.</param>
    /// <param name="naps">Whether it naps before it looks again, so that packets gather.</param>
    /// <param name="expected">How many there will be, lost ones included.</param>
    public BareReader(PacketSocket socket, bool naps, int expected)
    {
        (this.socket, this.naps, this.expected) = (socket, naps, expected);
        thread = new Thread(Read) { Name = "reader" };
        thread.Start();
    }

    /// <summary>How many packets it has read.</summary>
    public int Count { get; private set; }

    /// <summary>The sum of all bytes, so that they are read indeed.</summary>
    public long Sum { get; private set; }

    /// <summary>Waits until all is read, and tells the processor time for each packet in microseconds.</summary>
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

            if (!naps)
                continue;
            var nap = new TimeSpecification { Nanoseconds = 150_000 };
            _ = Libc.Sleep(&nap, null);
        }

        _ = Libc.ClockGetTime(ThreadClock, &clock);
        time = Nanoseconds(clock) - before;
    }

    private static long Nanoseconds(TimeSpecification time) => (time.Seconds * 1_000_000_000) + time.Nanoseconds;
}
