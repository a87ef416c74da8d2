using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// The pending answer to a General Query: the interface timer of RFC 9776 §5.2. An answer that needs several messages is spread over the
/// response time, as recommended there: each expiry sends one message and records how far the answer has got.
/// </summary>
internal sealed class GeneralResponse : QueuedTimer
{
    private Address[]? order;
    private int next;

    /// <summary>When the last message must have been sent.</summary>
    public Instant Until { get; private set; }

    /// <summary>Whether part of the answer has been sent already.</summary>
    public bool HasBegun => order is not null;

    /// <summary>The groups that are still to be reported.</summary>
    public ReadOnlySpan<Address> Left => order.AsSpan(next);

    /// <summary>A new answer is pending, about all groups.</summary>
    public void Schedule(Instant until)
    {
        Until = until;
        order = null;
    }

    /// <summary>The last message must have been sent by then, or earlier.</summary>
    public void Hasten(Instant until) => Until = until < Until ? until : Until;

    /// <summary>Sending of the answer begins, for these groups, ascending.</summary>
    public void Begin(IEnumerable<Address> groups)
    {
        order = [.. groups.Order()];
        next = 0;
    }

    /// <summary>The next group has been reported, or is gone.</summary>
    public void Skip() => next++;

    /// <summary>Whether the pending answer will report this group: not one that was reported already or that was joined since it
    /// began.</summary>
    public bool WillTell(Address group) => IsRunning && (order is null || Array.BinarySearch(order, group) >= next);
}
