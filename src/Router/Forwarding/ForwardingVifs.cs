using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Forwarding;

/// <summary>The router's interfaces as VIFs of the kernel: a port's number is its VIF's.</summary>
internal sealed class ForwardingVifs(MulticastRoutingSocket socket, IReadOnlyList<RouterPort> ports, RouterLog log) : IForwardingVifs
{
    // The index of the interface that each stands for; 0 while it is none.
    private readonly int[] interfaces = new int[MulticastRoutingSocket.MaxVifs];
    private Dictionary<string, byte> thresholds = [];

    /// <summary>Makes these the TTL thresholds of interfaces; those of the others are 1.</summary>
    public void SetThresholds(IEnumerable<StaticOutput> wanted) => thresholds = wanted.ToDictionary(each => each.Interface, each => each.Threshold);

    /// <inheritdoc/>
    public bool IsUp(int vif) => (uint)vif < (uint)interfaces.Length && interfaces[vif] != 0;

    /// <summary>Makes the VIF of a port what the port has become.</summary>
    /// <returns>Whether it is another than before, and whether one was taken away.</returns>
    public (bool Changed, bool Removed) Follow(RouterPort port)
    {
        var before = interfaces[port.Number];
        if (before == port.InterfaceIndex)
            return default;
        if (before != 0)
            socket.DeleteVif(port.Number);
        interfaces[port.Number] = port.InterfaceIndex != 0 && TryAdd(port) ? port.InterfaceIndex : 0;
        return (true, before != 0);
    }

    /// <inheritdoc/>
    public int Named(string name)
    {
        foreach (var port in ports)
        {
            if (port.Name == name)
                return IsUp(port.Number) ? port.Number : IForwardingVifs.None;
        }

        return IForwardingVifs.None;
    }

    /// <summary>The name of a VIF's interface.</summary>
    public string Name(int vif)
    {
        foreach (var port in ports)
        {
            if (port.Number == vif)
                return port.Name;
        }

        return $"VIF {vif}";
    }

    /// <inheritdoc/>
    public int OfInterface(int index) => Array.IndexOf(interfaces, index);

    /// <inheritdoc/>
    public VifThresholds WithMembers(Address source, Address group, int incoming)
    {
        var outgoing = VifThresholds.None;
        foreach (var port in ports)
        {
            if (port.Number != incoming && IsUp(port.Number) && port.Core.Forwards(source, group))
                outgoing[port.Number] = thresholds.GetValueOrDefault(port.Name, (byte)1);
        }

        return outgoing;
    }

    private bool TryAdd(RouterPort port)
    {
        try
        {
            socket.AddVif(port.Number, VifOptions.Interface(port.InterfaceIndex) with { Threshold = thresholds.GetValueOrDefault(port.Name, (byte)1) });
            return true;
        }
        catch (LinuxException refused)
        {
            log.Warning(port.Name, $"takes no part in forwarding: {refused.Message}. {MulticastRoutingAdvice.For(refused)}");
            return false;
        }
    }
}
