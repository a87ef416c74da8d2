using System.Diagnostics;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Router.Forwarding;

namespace MulticastLab.Router.Daemon;

/// <content>What can be changed while the router runs.</content>
internal sealed partial class RouterDaemon
{
    /// <summary>Reads the configuration file again, as <c>router reload</c> does. From any thread; what comes of it is in the log.</summary>
    public void Reload()
    {
        service.Reloading();
        configuration.Reload(null, service.Ready);
    }

    /// <summary>
    /// Makes this the configuration. Only what differs is touched: an interface whose settings are the same sends nothing and keeps every
    /// timer. What cannot be changed at run time stays as it is.
    /// </summary>
    /// <returns>What has changed, or would with the next start.</returns>
    /// <exception cref="ControlException">It cannot be carried out; nothing has changed then.</exception>
    private ConfigurationChanges Reconfigure(RouterOptions wanted)
    {
        var changes = new ConfigurationChanges(options, wanted);
        foreach (var (name, _) in changes.Added)
            RequireUsable(name, links!.Find(name));
        if (wanted.Forward && wanted.Interfaces.Count > MulticastRoutingSocket.MaxVifs)
            throw ControlException.Failed($"the kernel forwards between at most {MulticastRoutingSocket.MaxVifs} interfaces, not {wanted.Interfaces.Count}");
        if (wanted.Forwarding.Obstacle([.. wanted.Interfaces.Select(each => each.Name)]) is { } obstacle)
            throw ControlException.Failed(obstacle);
        // First of all, as it is what may still fail.
        SwitchForwarding(wanted);
        foreach (var (name, _) in changes.Removed)
            Remove(ports.Find(each => each.Name == name)!);
        foreach (var (name, settings) in changes.Changed)
        {
            var port = ports.Find(each => each.Name == name)!;
            // What has come under the old settings is heard by them.
            port.Hear();
            port.Configure(settings);
        }

        foreach (var (name, settings) in changes.Added)
            Add(new InterfaceOptions(name, settings));
        options = options with { Interfaces = wanted.Interfaces, Forward = wanted.Forward, Forwarding = wanted.Forwarding };
        FollowLinks();
        forwarding?.Configure(wanted.Forwarding);
        return changes;
    }

    private void Add(InterfaceOptions added)
    {
        // The lowest number that is free: it is the VIF's number too, of which there are few.
        var number = Enumerable.Range(0, ports.Count + 1).First(free => ports.TrueForAll(each => each.Number != free));
        var port = new RouterPort(number, added.Name, added.Settings, options.Receive, loop, log, Apply);
        port.Heard += Hear;
        ports.Add(port);
        members.Add(number, port.Core);
    }

    private void Remove(RouterPort port)
    {
        var wasUp = port.Core.IsUp;
        port.Retire();
        forwarding?.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
        members.Remove(port.Number);
        if (wasUp)
            events.Tell(KernelClock.RealTime, port.Name, up: false);
        ports.Remove(port);
        counters.Add(port.Counters);
        lostBefore += port.Lost;
        port.Dispose();
    }

    private void SwitchForwarding(RouterOptions wanted)
    {
        if (wanted.Forward == forwarding is not null)
            return;
        if (!wanted.Forward)
        {
            forwarding!.Dispose();
            forwarding = null;
            return;
        }

        forwarding = KernelForwarding.Start(loop, new KernelForwardingOptions { Table = options.MulticastTable }, members);
        forwarding.Happened += Tell;
        forwarding.Configure(wanted.Forwarding);
        foreach (var port in ports)
            forwarding.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
    }

    private void Tell(ForwardingEvent happened)
    {
        const string Subject = "forwarding";
        switch (happened)
        {
            case ForwardingEvent.WrongInterface:
                counters.WrongInterface++;
                break;
            case ForwardingEvent.NoReversePath:
                counters.NoReversePath++;
                break;
            case ForwardingEvent.VifRefused(var name, var reason):
                log.Warning(name, $"takes no part in forwarding: {reason.Message}. {MulticastRoutingAdvice.For(reason)}");
                break;
            case ForwardingEvent.TableFull(var most):
                log.Warning(Subject, $"there are {most} entries: other sources are not forwarded until some of these fall silent");
                break;
            case ForwardingEvent.DroppedByReversePathFilter(var packets, var names):
                log.Warning(Subject, $"the kernel's rp_filter has dropped {packets} packets before they could be forwarded, because their source has no "
                    + $"route back through the interface where they came in ({string.Join(", ", names)}); where that is meant to be, "
                    + "set net.ipv4.conf.all.rp_filter and the interface's to 0: this router checks the way back itself");
                break;
            default:
                throw new UnreachableException($"Forwarding does not tell of {happened}.");
        }
    }

    /// <summary>Drops what was learnt about groups.</summary>
    /// <param name="interfaceName">Where; null for everywhere.</param>
    /// <param name="group">The group; null for all.</param>
    /// <returns>How many groups are gone.</returns>
    /// <exception cref="ControlException">There is no such interface.</exception>
    private int ClearGroups(string? interfaceName, Address? group)
    {
        var before = ports.Sum(each => each.Core.GroupCount);
        foreach (var port in interfaceName is null ? ports : [Port(interfaceName)])
        {
            // What has come before is dropped too, rather than learnt again.
            port.Hear();
            port.ClearGroups(group);
        }

        return before - ports.Sum(each => each.Core.GroupCount);
    }

    private RouterPort Port(string name) => ports.Find(each => each.Name == name)
        ?? throw ControlException.Failed($"the router does not serve {name}, only {string.Join(", ", ports.Select(each => each.Name))}");
}
