using System.Security.Cryptography;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Traffic;

/// <summary>
/// Sends a stream of numbered datagrams on a loop. The n-th is due n intervals after the first on the monotonic clock, so that lateness of
/// one never adds up; what has become due meanwhile is sent at once.
/// </summary>
internal sealed class StreamSender : IDisposable
{
    // After that many the loop gets its turn: other streams and timers must not wait for one that has fallen behind.
    private const int LongestBurst = 64;

    private readonly MulticastSender socket;
    private readonly LoopTimer timer;
    private readonly Action completed;
    private readonly Instant start = KernelClock.Monotonic;
    private readonly byte[] payload = new byte[StreamDatagram.Length];
    private ulong sequence;

    /// <summary>Starts a stream: the first datagram is due at once.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="request">What is to be sent.</param>
    /// <param name="interfaceIndex">The interface; 0 lets the kernel choose by its routes.</param>
    /// <param name="completed">Called when the count is reached.</param>
    /// <exception cref="LinuxException">The source is not an address of this host.</exception>
    public StreamSender(EventLoop loop, StreamRequest request, int interfaceIndex, Action completed)
    {
        Request = request;
        this.completed = completed;
        socket = MulticastSender.Open(interfaceIndex, request.Source, request.TimeToLive);
        timer = loop.AddTimer(SendDue);
        timer.Set(start);
    }

    /// <summary>The stream's identifier in its datagrams.</summary>
    public ulong Stream { get; } = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    /// <summary>What is sent.</summary>
    public StreamRequest Request { get; }

    /// <summary>How many datagrams the kernel took.</summary>
    public ulong Sent => sequence - Unsent;

    /// <summary>How many datagrams the kernel could not take: the interface was down, or its queue full.</summary>
    public ulong Unsent { get; private set; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => KernelClock.Monotonic - start;

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        timer.Dispose();
        socket.Dispose();
    }

    private void SendDue()
    {
        for (var burst = 0; burst < LongestBurst; burst++)
        {
            if (sequence == Request.Count)
            {
                completed();
                return;
            }

            if (DueAt(sequence) > KernelClock.Monotonic)
                break;
            new StreamDatagram(Stream, sequence, KernelClock.RealTime).Write(payload);
            if (!socket.Send(payload, Request.Group, Request.Port))
                Unsent++;
            sequence++;
        }

        timer.Set(DueAt(sequence));
    }

    private Instant DueAt(ulong number) => new(start.Nanoseconds + (long)(number * (ulong)Request.Interval.Ticks * 100));
}
