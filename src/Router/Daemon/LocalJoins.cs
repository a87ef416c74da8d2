using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// What the router itself is a member of on an interface: a host of its own (RFC 9776 §5) on the router's port, which hears what the router says
/// there as any other host does. The kernel has no part in it.
/// </summary>
internal sealed class LocalJoins : IDisposable
{
    private readonly EventLoop loop;
    private readonly LoopTimer timer;
    private readonly Action<SendAsMember> send;
    private readonly RouterAsMember member;
    private bool disposed;

    /// <summary>A host that has joined nothing yet.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="settings">The configuration, with the link's MTU.</param>
    /// <param name="loop">On which it runs.</param>
    /// <param name="send">Sends a report or leave, and has the router hear it.</param>
    public LocalJoins(string name, RouterSettings settings, EventLoop loop, Action<SendAsMember> send)
    {
        this.loop = loop;
        this.send = send;
        // A seed that no two routers share. The library of ciphers would give one too, but to load it takes longer than the first query may.
        member = new RouterAsMember(name, Dialect.Igmp, settings, new Random(Guid.NewGuid().GetHashCode()));
        timer = loop.AddTimer(() => Perform(member.Advance(KernelClock.Monotonic)));
    }

    /// <summary>Joins what these settings say, and leaves what they no longer say.</summary>
    public void Follow(RouterSettings settings) => Perform(member.Follow(settings, KernelClock.Monotonic));

    /// <summary>A message of another station was received.</summary>
    public void Hear(in IgmpPacket message, Instant now)
    {
        if (member.Concerns(message))
            Perform(member.ReceiveIgmp(message, now));
    }

    /// <summary>The router has sent this packet, a query. It is heard in a turn of its own, when the router has done with what made it speak.</summary>
    public void HearOwn(QueryContent query, ReadOnlySpan<byte> packet)
    {
        if (!member.IsAsked(query.Group))
            return;
        var copy = packet.ToArray();
        loop.Post(() =>
        {
            if (!disposed && IgmpPacket.TryRead(copy, out var message) == PacketError.None)
                Hear(message, KernelClock.Monotonic);
        });
    }

    /// <summary>Leaves everything.</summary>
    /// <returns>How that is said, once.</returns>
    public IReadOnlyList<SendAsMember> Leave() => member.Leave(KernelClock.Monotonic);

    /// <summary>Ends without a word.</summary>
    public void Dispose()
    {
        timer.Dispose();
        disposed = true;
    }

    private void Perform(IReadOnlyList<SendAsMember> messages)
    {
        foreach (var message in messages)
            send(message);
        timer.Set(member.NextDue);
    }
}
