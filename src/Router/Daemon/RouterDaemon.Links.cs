using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets.Text;

namespace MulticastLab.Router.Daemon;

/// <content>Interfaces that come and go.</content>
internal sealed partial class RouterDaemon
{
    private void RequireUsable()
    {
        foreach (var (name, _) in options.Interfaces)
        {
            try
            {
                RequireUsable(name, links!.Find(name));
            }
            catch (ControlException refused) when (options.Places.TryGetValue(name, out var place))
            {
                throw new InvalidFileException([place.Problem(refused.Message)]);
            }
        }
    }

    private void RequireUsable(string name, Link? link)
    {
        if (link is null)
        {
            var others = string.Join(", ", links!.Links.Select(each => each.Name).Order(StringComparer.Ordinal));
            throw ControlException.Failed($"there is no interface {name}; there are {others}");
        }

        if (!link.IsMulticast)
            throw ControlException.Failed($"interface {name} does not support multicast");
    }

    private void LinksChanged()
    {
        links!.ReadChanges();
        FollowLinks();
        TellWhenReady();
        service.Changed();
    }

    private void FollowLinks()
    {
        foreach (var port in ports)
        {
            var wasUp = port.Node.IsUp;
            if (!port.Follow(links!.Find(port.Name)))
                continue;
            forwarding?.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
            if (wasUp != port.Node.IsUp)
                events.Tell(KernelClock.RealTime, port.Name, port.Node.IsUp);
        }
    }

    private void TellWhenReady()
    {
        if (ready)
            return;
        ready = true;
        foreach (var port in ports)
        {
            if (port.Node.IsUp)
                continue;
            ready = false;
            log.Info(port.Name, $"waiting: {RouterPort.Obstacle(links!.Find(port.Name)) ?? "it is changing"}");
        }

        if (ready)
            log.Ready();
    }

    private string Describe() => string.Join("; ", ports.Select(port => port.Node.IsUp
        ? $"{port.Name}: {(port.Node.IsQuerier ? "querier" : "not querier")}"
        : $"{port.Name}: {RouterPort.Obstacle(links?.Find(port.Name)) ?? "it is changing"}"));
}
