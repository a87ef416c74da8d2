using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Node;

/// <summary>A router node without a shell: a clock of its own, and what it has sent, and when.</summary>
public sealed class NodeUnderTest
{
    private readonly List<(NodeInterface Interface, Effect Effect)> effects = [];

    public NodeUnderTest(Dialect dialect, Random? random = null) => Node = new RouterNode(dialect, random ?? new Random(4711));

    public RouterNode Node { get; }

    public Instant Now { get; private set; } = Instant.Epoch;

    /// <summary>Whether what is to be sent is refused, as by a kernel.</summary>
    public bool RefusesToSend { get; set; }

    public RouterState State => Node.Dump(Now);

    /// <summary>What was asked for since this was last read.</summary>
    public IReadOnlyList<(NodeInterface Interface, Effect Effect)> TakeEffects()
    {
        (NodeInterface Interface, Effect Effect)[] taken = [.. effects];
        effects.Clear();
        return taken;
    }

    public NodeInterface Up(RouterSettings settings, NodeLink link)
    {
        var added = Node.Add($"eth{Node.Interfaces.Count}", settings);
        Do(added, added.LinkUp(link, Now));
        return added;
    }

    public void Receive(NodeInterface at, ReadOnlySpan<byte> packet, MacAddress sender) =>
        Do(at, at.Receive(packet, new Arrival(Now, sender, packet.Length), Now));

    public void Do(NodeInterface at, IReadOnlyList<Effect> asked)
    {
        foreach (var effect in asked.ToArray())
        {
            effects.Add((at, effect));
            if (effect is not SendMessage message)
                continue;
            var buffer = new byte[1500];
            var packet = buffer.AsSpan(0, at.Write(buffer, message));
            if (RefusesToSend)
                at.NotSent();
            else
                at.Sent(message, packet, Now);
        }
    }

    /// <summary>Does all that is due until then.</summary>
    public void PassUntil(Instant end)
    {
        while (Node.Interfaces.MinBy(each => each.NextDue) is { } next && next.NextDue <= end)
        {
            Now = next.NextDue > Now ? next.NextDue : Now;
            Do(next, next.Advance(Now));
        }

        Now = end;
    }

    public void Pass(TimeSpan time) => PassUntil(Now + time);
}
