using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <content>What can be changed while the router runs.</content>
internal sealed partial class RouterDaemon
{
    /// <summary>
    /// Reads the configuration file again, as <c>router reload</c> does. From any thread; the outcome is in the log.
    /// </summary>
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
        if (wanted.Obstacle() is { } obstacle)
            throw ControlException.Failed(obstacle);
        // First of all, as this may still fail.
        SwitchForwarding(wanted);
        foreach (var (name, _) in changes.Removed)
            Remove(ports.Find(each => each.Name == name)!);
        foreach (var (name, settings) in changes.Changed)
        {
            var port = ports.Find(each => each.Name == name)!;
            // What has arrived under the old settings is handled under them.
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
        var port = new RouterPort(node.Add(added.Name, added.Settings), options.Receive, loop, log, Apply);
        port.Heard += Hear;
        ports.Add(port);
        members.Add(port.Node);
    }

    private void Remove(RouterPort port)
    {
        var wasUp = port.Node.IsUp;
        port.Retire();
        forwarding?.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
        members.Remove(port.Number);
        if (wasUp)
            events.Tell(KernelClock.RealTime, port.Name, up: false);
        ports.Remove(port);
        node.Remove(port.Node);
    }

    /// <summary>Drops what was learnt about groups.</summary>
    /// <param name="interfaceName">Where; null for everywhere.</param>
    /// <param name="group">The group; null for all.</param>
    /// <returns>How many groups are gone.</returns>
    /// <exception cref="ControlException">There is no such interface.</exception>
    private int ClearGroups(string? interfaceName, Address? group)
    {
        var before = ports.Sum(each => each.Node.GroupCount);
        foreach (var port in interfaceName is null ? ports : [Port(interfaceName)])
        {
            // What has arrived before is dropped too, rather than learnt again.
            port.Hear();
            port.ClearGroups(group);
        }

        return before - ports.Sum(each => each.Node.GroupCount);
    }

    private RouterPort Port(string name) => ports.Find(each => each.Name == name)
        ?? throw ControlException.Failed($"the router does not serve {name}, only {string.Join(", ", ports.Select(each => each.Name))}");
}
