using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Logging;

/// <summary>
/// Writes lines on a thread of its own, so that logging never blocks: not on a full pipe, a stopped terminal or a slow disk. Lines for
/// which there is no room, or that cannot be written (ENOSPC, EPIPE), are counted and reported once writing works again.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>How many bytes of lines may wait.</summary>
    public const int MostWaiting = 256 * 1024;

    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    private readonly Lock counting = new();
    private readonly object gate = new();
    private readonly FileDescriptor? output;
    private readonly Func<long, string, byte[]> notice;
    private readonly Queue<byte[]> waiting = new();
    private int waitingBytes;
    private bool ended;
    private bool idle = true;
    private bool cut;
    private long lost;
    private long untold;
    private string cause = "";

    /// <summary>A writer to this descriptor; null when there is none: then everything is lost, and counted.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="notice">The line that reports how many lines were lost, and why.</param>
    public LogWriter(FileDescriptor? output, Func<long, string, byte[]> notice)
    {
        this.output = output;
        this.notice = notice;
        new Thread(Run, 128 * 1024) { IsBackground = true, Name = "log" }.Start();
    }

    /// <summary>How many lines were lost. From any thread.</summary>
    public long Lost
    {
        get
        {
            lock (counting)
                return lost;
        }
    }

    /// <summary>Takes a line, with its end. From any thread; never waits.</summary>
    public void Write(byte[] line)
    {
        lock (gate)
        {
            if (waitingBytes + line.Length <= MostWaiting && !ended)
            {
                waiting.Enqueue(line);
                waitingBytes += line.Length;
                Monitor.PulseAll(gate);
                return;
            }
        }

        Lose("the reader is too slow");
    }

    /// <summary>Waits at most a second for what was accepted to be written, and ends.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
            var deadline = KernelClock.Monotonic + LastPatience;
            while (!idle || waiting.Count > 0)
            {
                var left = deadline - KernelClock.Monotonic;
                if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                    return;
            }
        }
    }

    private void Run()
    {
        while (Take() is { } line)
        {
            if (TellLosses() && TryWrite(line))
                continue;
            Lose(cause);
        }
    }

    private byte[]? Take()
    {
        lock (gate)
        {
            idle = true;
            Monitor.PulseAll(gate);
            while (waiting.Count == 0)
            {
                if (ended)
                    return null;
                Monitor.Wait(gate);
            }

            idle = false;
            var line = waiting.Dequeue();
            waitingBytes -= line.Length;
            return line;
        }
    }

    private void Lose(string why)
    {
        lock (counting)
        {
            cause = why;
            lost++;
            untold++;
        }
    }

    private bool TellLosses()
    {
        long told;
        byte[] line;
        lock (counting)
        {
            if (untold == 0)
                return true;
            told = untold;
            line = notice(untold, cause);
        }

        if (!TryWrite(line))
            return false;
        lock (counting)
            untold -= told;
        return true;
    }

    private bool TryWrite(byte[] line)
    {
        if (output is null)
        {
            cause = "standard error is closed";
            return false;
        }

        try
        {
            // A line of which only the first part had room is ended before the next one.
            if (cut)
                output.Write("\n"u8);
            cut = true;
            output.Write(line);
            cut = false;
            return true;
        }
        catch (LinuxException refused)
        {
            cause = refused.Message;
            return false;
        }
        catch (ObjectDisposedException)
        {
            // It did not wait indefinitely for what this thread still has.
            cause = "standard error is closed";
            return false;
        }
    }
}
