using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Logging;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Router.Daemon;

/// <summary>The packet socket through which the router hears and speaks on an interface.</summary>
/// <remarks>
/// It takes all multicast frames of the interface without joining any group, so the kernel of this namespace has no membership
/// there: it answers no query and takes no part in the election.
/// </remarks>
internal sealed class PortSocket : IDisposable
{
    /// <summary>How much may wait to be read, in bytes, of which the kernel counts twice as many.</summary>
    public const int ReceiveBuffer = 32 << 20;

    // Room for a burst of that many small reports, in 8 MiB.
    private static readonly PacketRingOptions Ring = new() { Slots = 32_768, SlotLength = 256 };

    private readonly PacketSocket socket;
    private readonly ushort protocol;

    private PortSocket(PacketSocket socket, ushort protocol, int mtu)
    {
        this.socket = socket;
        this.protocol = protocol;
        Reader = socket.Reader(mtu);
    }

    /// <summary>Readable when there is something to receive.</summary>
    public FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>What has been received.</summary>
    public IPacketReader Reader { get; private set; }

    /// <summary>How many packets the kernel dropped for lack of buffer space.</summary>
    public long Lost => socket.ReadStatistics().Dropped;

    /// <summary>Opens it.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="filter">Which packets are wanted.</param>
    /// <param name="way">How packets are to be received.</param>
    /// <param name="mtu">How long they can be.</param>
    /// <param name="log">Where limits are logged.</param>
    /// <returns>The socket; null when the interface is gone or down again.</returns>
    public static PortSocket? TryOpen(string name, IpFilter filter, ReceiveMode way, int mtu, DaemonLog log)
    {
        try
        {
            return new PortSocket(Open(name, filter, way, log), filter.EtherType, mtu);
        }
        catch (LinuxException gone) when (gone.Error is Errno.NoSuchDevice or Errno.NetworkDown)
        {
            // It has changed again since the message that is being followed; the next one is on its way.
            return null;
        }
    }

    /// <summary>Makes room for packets of this length.</summary>
    public void Fit(int mtu) => Reader = socket.Reader(mtu);

    /// <summary>Sends a packet to a group.</summary>
    /// <exception cref="LinuxException">The kernel refuses it.</exception>
    public void Send(ReadOnlySpan<byte> packet, Address group) => socket.Send(packet, protocol, MacAddress.ForGroup(group));

    /// <summary>Closes it.</summary>
    public void Dispose() => socket.Dispose();

    private static PacketSocket Open(string name, IpFilter filter, ReceiveMode way, DaemonLog log)
    {
        var options = new PacketSocketOptions
        {
            Protocol = filter.EtherType,
            LinkHeader = false,
            Filter = PacketFilter.Of(filter),
            AllMulticast = true,
            IgnoreOutgoing = true,
            ReceiveBufferBytes = ReceiveBuffer,
        };
        PacketSocket? opened = null;
        if (way == ReceiveMode.Ring)
        {
            try
            {
                opened = PacketSocket.Open(name, options with { Ring = Ring });
            }
            catch (LinuxException refused) when (refused.Call.Contains("PACKET_", StringComparison.Ordinal))
            {
                log.Warning(name, $"no packet ring is available, reports are received by system calls: {refused.Message}");
            }
        }

        opened ??= PacketSocket.Open(name, options);
        if (opened.ReceiveBufferBytes < ReceiveBuffer)
        {
            log.Warning(name, $"receive buffer limited to {opened.ReceiveBufferBytes} bytes of {ReceiveBuffer}: a burst of more than about "
                + $"{opened.ReceiveBufferBytes / 800} reports may lose some (raise net.core.rmem_max, or run with CAP_NET_ADMIN)");
        }

        return opened;
    }
}
