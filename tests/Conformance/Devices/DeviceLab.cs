using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>
/// A lab of one shipped device: the node <c>dut</c>, with eth0, eth1 … on LANs A, B …, and the tester, who sends as whoever is needed
/// there.
/// </summary>
internal sealed class DeviceLab : IAsyncDisposable
{
    internal const string Dut = "dut";

    private static readonly MacAddress TesterMac = new(0x0200_0000_0099);
    private static readonly Address AllRouters = Address.Parse("224.0.0.22");

    private readonly TopologyFolder folder;

    private DeviceLab(TopologyFolder folder, RealLab lab) => (this.folder, Lab) = (folder, lab);

    internal RealLab Lab { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A shipped device.</summary>
    internal static Device Read(string device) => DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", device));

    /// <summary>Brings a device up and waits until it is ready.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="addresses">The addresses of its interfaces, with the length of the prefix; empty for an interface without
    /// one.</param>
    /// <param name="timing">The timers that it is asked for; null for those of the RFC.</param>
    /// <param name="env">What else its environment has: NAME=VALUE.</param>
    internal static async Task<DeviceLab> Up(string device, string[] addresses, Timing? timing = null, params string[] env)
    {
        var folder = new TopologyFolder(
            (
                "lab.conf",
                string.Concat(addresses.Index().Select(each => $"{Dut}[{each.Index}]=\"{(char)('A' + each.Index)}\"\n"))
                    + $"{Dut}[image]=\"device/{Read(device).Folder}\"\n"
                    + string.Concat(env.Select(each => $"{Dut}[env]=\"{each}\"\n"))),
            (
                Dut + ".startup",
                string.Concat(
                    addresses.Index().Where(each => each.Item.Length > 0)
                        .Select(each => $"ip address replace {each.Item} dev eth{each.Index}\n"))));
        try
        {
            var lab = await new NamespacesEngine().Up(
                folder.Read(), new LabOptions { Timing = timing ?? Timing.Default }, Cancellation);
            try
            {
                await lab.Start(Dut, Cancellation);
                return new DeviceLab(folder, lab);
            }
            catch
            {
                await lab.DisposeAsync();
                throw;
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>What the device has sent, or passed on, to a LAN so far.</summary>
    internal IReadOnlyList<SeenFrame> Sent(string lan) =>
    [
        .. Lab.Frames.Where(each => each.Node == Dut && each.Lan == lan).Select(each => SeenFrame.Decode(each, Dialect.Igmp)),
    ];

    /// <summary>Waits until the device has sent, or passed on, such frames to a LAN, that many of them.</summary>
    internal async Task<IReadOnlyList<SeenFrame>> Until(string lan, Func<SeenFrame, bool> wanted, int count, TimeSpan within)
    {
        await Lab.Until(_ => Task.FromResult(Sent(lan).Count(wanted) >= count), within, Cancellation);
        return [.. Sent(lan).Where(wanted)];
    }

    /// <summary>Sends a report of version 3 on a LAN.</summary>
    internal Task Report(string lan, string host, params RecordContent[] records) =>
        Send(lan, buffer => IgmpWriter.WriteReport(buffer, new ReportContent(records), Address.Parse(host), AllRouters));

    /// <summary>Sends a General Query of version 3 on a LAN.</summary>
    internal Task Query(string lan, string router, TimeSpan maxResponseTime, TimeSpan queryInterval) =>
        Send(
            lan,
            buffer => IgmpWriter.WriteQuery(
                buffer,
                new QueryContent(
                    Generation.Sources, maxResponseTime, Address.AnyV4, SuppressRouterSideProcessing: false, RobustnessVariable: 2,
                    queryInterval, []),
                Address.Parse(router), Dialect.Igmp.AllSystems));

    /// <summary>Sends a datagram to a group on a LAN.</summary>
    internal Task Data(string lan, string source, string group) =>
        Send(lan, buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Address.Parse(source), Address.Parse(group)), 5001, 5001, "data"u8));

    /// <summary>Lets all that is on its way arrive: as long as the lab allows for what is seen late.</summary>
    internal Task Settle() => Lab.PassUntil(Lab.Now + Lab.Latency, Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        folder.Dispose();
    }

    private delegate int Writer(Span<byte> packet);

    private Task Send(string lan, Writer write)
    {
        Span<byte> packet = stackalloc byte[1500];
        packet = packet[..write(packet)];
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(frame, TesterMac, packet);
        return Lab.Transmit(lan, frame, Lab.Now, Cancellation);
    }
}
