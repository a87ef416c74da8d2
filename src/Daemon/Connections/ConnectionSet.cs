using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Connections;

/// <summary>The connections of a server: a bounded number, and each no longer than its deadline.</summary>
/// <threadsafety>Lives on the loop's thread.</threadsafety>
internal sealed class ConnectionSet : IDisposable
{
    private readonly HashSet<IConnection> all = [];
    private readonly LoopTimer timer;
    private readonly int most;
    private readonly byte[] refusal;

    /// <summary>No connections yet.</summary>
    /// <param name="loop">The loop that serves them.</param>
    /// <param name="most">The maximum number at one time.</param>
    /// <param name="refusal">What those beyond the limit are told.</param>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public ConnectionSet(EventLoop loop, int most, byte[] refusal)
    {
        this.most = most;
        this.refusal = refusal;
        timer = loop.AddTimer(CutOffTheLate);
    }

    public int Count => all.Count;

    public bool IsFull => all.Count >= most;

    /// <summary>Closes a client's socket for which there is no room, and says so.</summary>
    public unsafe void TurnAway(FileDescriptor client)
    {
        using (client)
        fixed (byte* first = refusal)
        {
            _ = Libc.Send(client, first, (nuint)refusal.Length, SocketConstants.DontWait | SocketConstants.NoSignal);
        }
    }

    public void Add(IConnection connection)
    {
        all.Add(connection);
        DeadlineIs(connection.Deadline);
    }

    public void Remove(IConnection connection) => all.Remove(connection);

    /// <summary>A connection has this deadline from now on. A deadline that has only moved later need not be passed on.</summary>
    public void DeadlineIs(Instant deadline)
    {
        if (deadline < timer.DueAt)
            timer.Set(deadline);
    }

    /// <summary>Closes all of them.</summary>
    public void Dispose()
    {
        foreach (var each in all.ToArray())
            each.Close();
        timer.Dispose();
    }

    private void CutOffTheLate()
    {
        var now = KernelClock.Monotonic;
        var due = Instant.Never;
        foreach (var each in all.ToArray())
        {
            if (each.Deadline <= now)
                each.CutOff();
            else if (each.Deadline < due)
                due = each.Deadline;
        }

        timer.Set(due);
    }
}
