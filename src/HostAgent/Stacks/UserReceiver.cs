using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>
/// Receives a group's datagrams from a packet socket, as IP and UDP of a host with our stack would deliver them: the interface's filter
/// first, then the socket's own (RFC 9776 §3.2, RFC 3376 §A.2).
/// </summary>
internal sealed class UserReceiver : IReceiver
{
    private readonly EventLoop loop;
    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new();
    private readonly ushort port;
    private readonly Func<Address, bool> accepts;
    private readonly DatagramHandler handle;
    private readonly Action closed;
    private bool disposed;
    private long dropped;

    /// <summary>Listens to a group.</summary>
    /// <param name="loop">The agent's loop.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="port">The UDP port.</param>
    /// <param name="accepts">Whether the filters let a source pass.</param>
    /// <param name="handle">Takes the datagrams.</param>
    /// <param name="closed">Called when it has been disposed.</param>
    public UserReceiver(
        EventLoop loop, string interfaceName, Address group, ushort port, Func<Address, bool> accepts, DatagramHandler handle,
        Action closed)
    {
        this.loop = loop;
        this.port = port;
        this.accepts = accepts;
        this.handle = handle;
        this.closed = closed;
        socket = PacketSocket.Open(interfaceName, new PacketSocketOptions
        {
            Protocol = PacketSocketOptions.Ipv4,
            LinkHeader = false,
            Filter = PacketFilter.UdpTo(group),
            AllMulticast = true,
        });
        loop.Watch(socket.Descriptor, Receive);
    }

    /// <inheritdoc/>
    public long Dropped => disposed ? dropped : socket.ReadStatistics().Dropped;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        dropped = Dropped;
        disposed = true;
        loop.Unwatch(socket.Descriptor);
        socket.Dispose();
        batch.Dispose();
        closed();
    }

    private void Receive()
    {
        try
        {
            socket.Receive(batch);
        }
        catch (LinuxException exception) when (exception.Error == Errno.NetworkDown)
        {
            // The stack's own socket reports that.
            return;
        }

        // The handler may have ended this receiver.
        for (var i = 0; i < batch.Count && !disposed; i++)
        {
            var packet = batch[i];
            // The kernel leaves the checksum of a datagram on a virtual link to the last device, so it is not to be checked here.
            if (Ipv4View.TryRead(packet.Bytes, out var ip) == PacketError.None
                && !ip.IsFragment
                && UdpView.TryRead(ip, out var udp, checkChecksum: false) == PacketError.None
                && udp.DestinationPort == port
                && accepts(ip.Source))
            {
                handle(new ReceivedDatagram { Payload = udp.Payload, Source = ip.Source, At = packet.At });
            }
        }
    }
}
