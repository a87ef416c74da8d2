using System.Security.Cryptography;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// The groups that the router itself joins on an interface (RFC 8652 <c>join-group</c>): a host of its own (RFC 9776 §5) on the router's port, which
/// hears what the router says there as any other host does. The kernel has no part in it.
/// </summary>
internal sealed class LocalJoins : IDisposable
{
    private const int Socket = 0;

    private readonly EventLoop loop;
    private readonly LoopTimer timer;
    private readonly Action<SendAsMember> send;
    private readonly HostInterface host;
    private Dictionary<Address, Address[]?> joined = [];
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
        Basis = HostSettingsOf(settings);
        host = new HostInterface(name, Dialect.Igmp, Basis, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        timer = loop.AddTimer(() => Perform(host.Advance(KernelClock.Monotonic)));
    }

    /// <summary>What it was made with.</summary>
    public HostSettings Basis { get; }

    /// <summary>The settings of the host on an interface of these settings.</summary>
    public static HostSettings HostSettingsOf(RouterSettings settings) => new()
    {
        Timing = settings.Timing,
        Mtu = settings.Mtu,
        SourceSpecificRange = settings.SourceSpecificRange,
        // What the operator wants is not refused for its number.
        MaxSources = Math.Max(1024, settings.LocalJoins.Count),
    };

    /// <summary>Joins these and leaves the others.</summary>
    public void Join(IReadOnlyList<GroupAndSource> wanted)
    {
        var before = joined;
        // Null: from all sources.
        joined = wanted.ToLookup(each => each.Group, each => each.Source)
            .ToDictionary(each => each.Key, each => each.Contains(null) ? null : each.OfType<Address>().Distinct().ToArray());
        foreach (var group in before.Keys.Except(joined.Keys))
            Perform(host.Listen(Socket, group, FilterMode.Include, [], KernelClock.Monotonic));
        foreach (var (group, sources) in joined)
            Perform(host.Listen(Socket, group, sources is null ? FilterMode.Exclude : FilterMode.Include, sources ?? [], KernelClock.Monotonic));
    }

    /// <summary>The link has come up: its routers may know nothing of this host (§5.1).</summary>
    public void LinkUp() => Perform(host.LinkUp(KernelClock.Monotonic));

    /// <summary>A message of another station was received.</summary>
    public void Hear(in IgmpPacket message, Instant now) => Perform(host.ReceiveIgmp(message, now));

    /// <summary>The router has sent this packet. It is heard in a turn of its own, when the router has done with what made it speak.</summary>
    public void HearOwn(ReadOnlySpan<byte> packet)
    {
        var copy = packet.ToArray();
        loop.Post(() =>
        {
            if (!disposed && IgmpPacket.TryRead(copy, out var message) == PacketError.None)
                Hear(message, KernelClock.Monotonic);
        });
    }

    /// <summary>Leaves everything, said once.</summary>
    public void Dispose()
    {
        foreach (var effect in host.Close(Socket, KernelClock.Monotonic).OfType<SendAsMember>())
            send(effect);
        timer.Dispose();
        disposed = true;
    }

    private void Perform(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects.OfType<SendAsMember>().ToArray())
            send(effect);
        timer.Set(host.NextDue);
    }
}
