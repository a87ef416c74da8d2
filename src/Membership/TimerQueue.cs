using MulticastLab.Packets;

namespace MulticastLab.Membership;

/// <summary>A timer of a <see cref="TimerQueue"/>. What it is for is given by the derived class.</summary>
public abstract class QueuedTimer
{
    /// <summary>When the timer expires; <see cref="Instant.Never"/> while it does not run.</summary>
    public Instant Due { get; internal set; } = Instant.Never;

    /// <summary>Whether the timer runs.</summary>
    public bool IsRunning => Due != Instant.Never;

    /// <summary>The time left at <paramref name="now"/>, zero when overdue; null while the timer does not run.</summary>
    public TimeSpan? Remaining(Instant now) => !IsRunning ? null : Due > now ? Due - now : TimeSpan.Zero;

    /// <summary>Where the queue holds the timer; below 0 when it does not.</summary>
    internal int Slot { get; set; } = -1;
}

/// <summary>
/// The running timers of one interface, soonest first, with exact expiry: nothing is polled. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// A heap with four children per node, in which each timer knows its place. Membership is all about refreshes, which postpone a
/// timer long before it expires; so postponing only notes the new time, and the timer sinks to its place when its old time reaches
/// the top. Starting, bringing forward and stopping a timer cost O(log n), postponing it O(1). Timers due at the same instant come in an
/// order that depends on the calls alone.
/// When the answers to a General Query have postponed all timers of a large table, most of them could sink in one call, as soon as the
/// first does: so a call lets a few of them sink.
/// </remarks>
public sealed class TimerQueue
{
    /// <summary>How many postponed timers sink in one call, beyond those whose old expiry time has passed.</summary>
    public const int SinksPerCall = 8;

    private const int Children = 4;
    private Entry[] heap = new Entry[16];

    /// <summary>How many timers run.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// When the next timer expires, or a time before, when many were postponed lately: <see cref="TakeDue"/> has nothing then, and this
    /// returns a later time afterwards. <see cref="Instant.Never"/> when none runs.
    /// </summary>
    public Instant NextDue => Count == 0 ? Instant.Never : heap[0].Key;

    /// <summary>Starts a timer, or moves it when it runs already.</summary>
    /// <param name="timer">A timer of this queue or of none.</param>
    /// <param name="due">When it expires; not <see cref="Instant.Never"/>.</param>
    public void Start(QueuedTimer timer, Instant due)
    {
        timer.Due = due;
        if (timer.Slot < 0)
        {
            if (Count == heap.Length)
                Array.Resize(ref heap, Count * 2);
            SiftUp(Count++, new Entry(due, timer));
        }
        else if (due < heap[timer.Slot].Key)
        {
            SiftUp(timer.Slot, new Entry(due, timer));
        }
        else if (timer.Slot == 0)
        {
            SettleTop();
        }
    }

    /// <summary>Stops a timer; one that does not run stays as it is.</summary>
    public void Stop(QueuedTimer timer)
    {
        timer.Due = Instant.Never;
        if (timer.Slot >= 0)
            RemoveAt(timer.Slot);
    }

    /// <summary>Takes the soonest timer that is due at or before <paramref name="now"/> out of the queue; it no longer runs then.</summary>
    /// <param name="now">The present.</param>
    /// <param name="due">When the timer was due: to go on from there keeps periodic timers from drifting.</param>
    /// <returns>The timer; null when none is due.</returns>
    public QueuedTimer? TakeDue(Instant now, out Instant due)
    {
        while (Count > 0 && heap[0].Key <= now)
        {
            if (IsTopPostponed)
            {
                SinkTop();
                continue;
            }

            (due, var timer) = heap[0];
            Stop(timer);
            return timer;
        }

        SettleTop();
        due = Instant.Never;
        return null;
    }

    /// <summary>Stops every timer.</summary>
    public void Clear()
    {
        foreach (var (_, timer) in heap.AsSpan(0, Count))
        {
            timer.Due = Instant.Never;
            timer.Slot = -1;
        }

        Array.Clear(heap);
        Count = 0;
    }

    private void SettleTop()
    {
        for (var left = SinksPerCall; left > 0 && Count > 0 && IsTopPostponed; left--)
            SinkTop();
    }

    private bool IsTopPostponed => heap[0].Key < heap[0].Timer.Due;

    private void SinkTop() => SiftDown(0, new Entry(heap[0].Timer.Due, heap[0].Timer));

    private void RemoveAt(int slot)
    {
        heap[slot].Timer.Slot = -1;
        var last = heap[--Count];
        heap[Count] = default;
        if (slot == Count)
            return;
        if (slot > 0 && last.Key < heap[(slot - 1) / Children].Key)
            SiftUp(slot, last);
        else
            SiftDown(slot, last);
        if (slot == 0)
            SettleTop();
    }

    private void SiftUp(int slot, Entry entry)
    {
        while (slot > 0)
        {
            var parent = (slot - 1) / Children;
            if (heap[parent].Key <= entry.Key)
                break;
            Put(slot, heap[parent]);
            slot = parent;
        }

        Put(slot, entry);
    }

    private void SiftDown(int slot, Entry entry)
    {
        while (true)
        {
            var first = (slot * Children) + 1;
            if (first >= Count)
                break;
            var least = first;
            for (var child = first + 1; child < Math.Min(first + Children, Count); child++)
            {
                if (heap[child].Key < heap[least].Key)
                    least = child;
            }

            if (heap[least].Key >= entry.Key)
                break;
            Put(slot, heap[least]);
            slot = least;
        }

        Put(slot, entry);
    }

    private void Put(int slot, Entry entry)
    {
        heap[slot] = entry;
        entry.Timer.Slot = slot;
    }

    // The key is the time the timer had when it was put in place: at or before its true one.
    private readonly record struct Entry(Instant Key, QueuedTimer Timer);
}
