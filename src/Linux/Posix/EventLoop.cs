using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>
/// A daemon's one thread: waits with epoll for descriptors to become readable, timers to be due and actions posted by other threads,
/// and calls what belongs to each, one after the other. An exception of a callback ends <see cref="Run"/> with that exception.
/// </summary>
/// <threadsafety><see cref="Post"/> and <see cref="Stop"/> may be called from any thread, everything else only from the loop's thread
/// or before <see cref="Run"/>.</threadsafety>
public sealed unsafe class EventLoop : IDisposable
{
    private const int EpollCloseOnExec = 0x80000;
    private const int EventFlags = 0x80800; // EFD_CLOEXEC | EFD_NONBLOCK
    private const int Add = 1;
    private const int Remove = 2;
    private const int Modify = 3;
    private const int EventsPerWait = 32;
    private const int AbsoluteTime = 1; // TIMER_ABSTIME

    // struct epoll_event is packed on x86-64 and padded elsewhere.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + 8;

    private readonly FileDescriptor epoll;
    private readonly FileDescriptor wakeUp;
    private readonly Dictionary<int, Action<Readiness>> callbacks = [];
    private readonly ConcurrentQueue<Action> posted = new();
    private volatile bool stopping;
    private TimeSpan rest;

    /// <summary>A loop with nothing to watch.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public EventLoop()
    {
        epoll = Libc.EpollCreate(EpollCloseOnExec);
        if (epoll.IsInvalid)
            throw LinuxException.Last("epoll_create1");
        wakeUp = Libc.EventCreate(0, EventFlags);
        if (wakeUp.IsInvalid)
            throw LinuxException.Last("eventfd");
        Watch(wakeUp, RunPosted);
    }

    /// <summary>
    /// Calls <paramref name="ready"/> whenever the descriptor is readable or in error, as long as it stays so (level-triggered).
    /// </summary>
    public void Watch(FileDescriptor descriptor, Action ready) => Watch(descriptor, Readiness.Read, _ => ready());

    /// <summary>
    /// Calls <paramref name="ready"/> with what has come, whenever something asked for, an error or a hang-up is there (level-triggered).
    /// </summary>
    public void Watch(FileDescriptor descriptor, Readiness interest, Action<Readiness> ready)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Control(Add, descriptor, interest, "epoll_ctl(EPOLL_CTL_ADD)");
        callbacks.Add(descriptor.Number, ready);
    }

    /// <summary>Changes what is asked for of a watched descriptor.</summary>
    public void SetInterest(FileDescriptor descriptor, Readiness interest)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        Control(Modify, descriptor, interest, "epoll_ctl(EPOLL_CTL_MOD)");
    }

    /// <summary>Stops watching; to be called before the descriptor is closed.</summary>
    public void Unwatch(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (!callbacks.Remove(descriptor.Number))
            return;
        LinuxException.ThrowIfFailed(Libc.EpollControl(epoll, Remove, descriptor, null), "epoll_ctl(EPOLL_CTL_DEL)");
    }

    /// <summary>A timer that calls <paramref name="due"/> on the loop; not running yet.</summary>
    public LoopTimer AddTimer(Action due) => new(this, due);

    /// <summary>
    /// Runs an action on the loop's thread, after what is under way and after what is ready then. Actions posted after <see cref="Stop"/>
    /// still run before the loop ends.
    /// </summary>
    public void Post(Action action)
    {
        posted.Enqueue(action);
        WakeUp();
    }

    /// <summary>Runs a function on the loop's thread and completes with its result or its exception.</summary>
    public Task<T> Invoke<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                completion.SetResult(function());
            }
#pragma warning disable CA1031 // It is the caller's exception: it goes to whoever awaits the result.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    /// <summary>Is called each time when all that was ready has been served, before the loop waits again.</summary>
    public Action? Served { get; set; }

    /// <summary>
    /// Before it waits again the loop sleeps this long, once, whatever is ready: waking up once for what arrives in quick succession costs
    /// less.
    /// </summary>
    /// <param name="time">Less than a second; the kernel adds some 50 µs.</param>
    public void Rest(TimeSpan time) => rest = time;

    /// <summary>Makes <see cref="Run"/> return when the callbacks under way have ended.</summary>
    public void Stop()
    {
        stopping = true;
        WakeUp();
    }

    /// <summary>Serves until <see cref="Stop"/>.</summary>
    public void Run()
    {
        var events = stackalloc byte[EventsPerWait * 16];
        while (!stopping)
        {
            Sleep();
            var count = Libc.EpollWait(epoll, events, EventsPerWait, -1);
            if (count < 0)
            {
                if (Marshal.GetLastPInvokeError() == Errno.Interrupted)
                    continue;
                throw LinuxException.Last("epoll_wait");
            }

            for (var i = 0; i < count; i++)
            {
                // An earlier callback of this round may have unwatched it.
                if (callbacks.TryGetValue(*(int*)(events + (i * EventSize) + DataOffset), out var ready))
                    ready((Readiness)(*(uint*)(events + (i * EventSize))));
            }

            Served?.Invoke();
        }

        while (!posted.IsEmpty)
            RunPosted();
    }

    /// <summary>Closes the loop's own descriptors; the watched ones belong to their owners.</summary>
    public void Dispose()
    {
        wakeUp.Dispose();
        epoll.Dispose();
    }

    private void Control(int operation, FileDescriptor descriptor, Readiness interest, string call)
    {
        var change = stackalloc byte[16];
        *(uint*)change = (uint)interest;
        *(int*)(change + DataOffset) = descriptor.Number;
        LinuxException.ThrowIfFailed(Libc.EpollControl(epoll, operation, descriptor, change), call);
    }

    private void Sleep()
    {
        if (rest == TimeSpan.Zero)
            return;
        // Until an instant: what is left after a signal would be more each time, by the timer's slack.
        var end = TimeSpecification.Of((KernelClock.Monotonic + rest).Nanoseconds);
        rest = TimeSpan.Zero;
        while (Libc.Sleep(KernelClock.MonotonicClock, AbsoluteTime, &end, null) == Errno.Interrupted)
        {
        }
    }

    private void RunPosted()
    {
        ulong count;
        _ = Libc.Read(wakeUp, &count, sizeof(ulong));
        // What these post in turn comes after what the descriptors have: nobody monopolises the loop.
        for (var left = posted.Count; left > 0 && posted.TryDequeue(out var action); left--)
            action();
    }

    private void WakeUp()
    {
        ulong one = 1;
        if (Libc.Write(wakeUp, &one, sizeof(ulong)) < 0 && Marshal.GetLastPInvokeError() != Errno.TryAgain)
            throw LinuxException.Last("write(eventfd)");
    }
}
