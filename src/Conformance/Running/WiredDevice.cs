using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Wires;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Running;

/// <summary>Where a device is that runs already: its addresses, and the interfaces of this machine that lead to it.</summary>
public sealed class WiredDevice
{
    /// <summary>The device on the LAN that is tested, and where there is one on that of the sources.</summary>
    /// <param name="device">The device.</param>
    /// <param name="lan">The interface to the LAN that is tested, and the device's address there.</param>
    /// <param name="upstream">The same of the sources' LAN; null where there is none.</param>
    /// <exception cref="ArgumentException">The networks have no room for what the bench plays there, or the role cannot be tested so; the
    /// message is for the user.</exception>
    public WiredDevice(Device device, (string Interface, Prefix Address) lan, (string Interface, Prefix Address)? upstream)
    {
        ArgumentNullException.ThrowIfNull(device);
        Plan = AddressPlan.Of(device.Protocols[0]).Around(lan.Address, upstream?.Address);
        Wires =
        [
            new Wire(Bench.Lan, lan.Interface, lan.Address),
            .. upstream is { } there ? [new Wire(RouterBench.Upstream, there.Interface, there.Address)] : (ReadOnlySpan<Wire>)[],
        ];
        Played = [.. ((Address[])[Plan.Lower, Plan.Low, Plan.High, Plan.Higher, Plan.Highest, .. Plan.Hosts]).Distinct().Order()];
        Topology = new Topology
        {
            Name = "bench",
            Directory = "",
            Lans = [.. Wires.Select(each => each.Lan)],
            Nodes =
            [
                new Node
                {
                    Name = Bench.DeviceName,
                    Kind = device.Role switch
                    {
                        DeviceRole.Router or DeviceRole.Proxy => NodeKind.Router,
                        DeviceRole.Host => NodeKind.Host,
                        DeviceRole.Switch => throw new ArgumentException("A switch is started anew for each test, in a lab"),
                    },
                    Device = new NodeDeviceReference(device.Folder, HasState: false, "", 0, 0),
                    Interfaces = [.. Wires.Select(each => new Attachment(each.Interface, each.Lan, default))],
                },
            ],
        };
    }

    /// <summary>The interfaces.</summary>
    public IReadOnlyList<Wire> Wires { get; }

    /// <summary>The addresses of hosts, routers and sources that the bench plays: nobody else may have them.</summary>
    public IReadOnlyList<Address> Played { get; }

    internal AddressPlan Plan { get; }

    internal Topology Topology { get; }
}
