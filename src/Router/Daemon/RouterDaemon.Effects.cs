using System.Diagnostics;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;

namespace MulticastLab.Router.Daemon;

/// <content>What becomes of the effects of the node.</content>
internal sealed partial class RouterDaemon
{
    /// <summary>Carries out what an interface asks for. A refreshed group asks for nothing.</summary>
    private void Apply(RouterPort port, IReadOnlyList<Effect> effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            switch (effects[i])
            {
                case SendMessage message:
                    port.Send(message);
                    break;
                case ForwardingChanged changed:
                    members.GroupChanged(changed.Group);
                    break;
                case StateChanged changed:
                    Tell(port, changed);
                    break;
                case QueryOfOtherVersion other:
                    Tell(port, other);
                    break;
                case LinkRefused refused:
                    log.Warning(port.Name, refused.Reason);
                    break;
                default:
                    throw new UnreachableException($"A router does not {effects[i].GetType().Name}.");
            }
        }

        Arm(port);
    }

    private void Arm(RouterPort port)
    {
        // Only ever brought forward: a timer that fires for a deadline that has moved on costs less than setting it at every refresh.
        if (port.Node.NextDue < timer.DueAt)
            timer.Set(port.Node.NextDue);
    }

    private void Tell(RouterPort port, StateChanged change)
    {
        if (change.What == StateChange.QuerierChanged && change.Querier is { } querier)
            log.Info(port.Name, $"querier {querier}{(port.Node.IsQuerier ? " (this router)" : "")}");
        if (LimitNotice.Of(change) is { } notice)
            log.Warning(port.Name, notice);
        events.Tell(KernelClock.RealTime, port.Name, change);
        if (change.What == StateChange.QuerierChanged)
            service.Changed();
    }

    private void Tell(RouterPort port, QueryOfOtherVersion other)
    {
        if (other.Warn)
        {
            log.Warning(
                port.Name,
                $"{other.From} queries in version {other.Version}, this router in version {port.Node.Version}: all routers of "
                    + "a LAN must be configured for the lowest version among them (RFC 9776 §7.3.1)");
        }
    }
}
