using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>A UDP socket of the kernel on a loop.</summary>
internal sealed class KernelReceiver : IReceiver
{
    private readonly EventLoop loop;
    private readonly MulticastReceiver socket;

    /// <summary>Joins and listens.</summary>
    /// <exception cref="LinuxException">The port is in use, or the membership is refused.</exception>
    public KernelReceiver(EventLoop loop, int interfaceIndex, Address group, ushort port, SourceFilter filter, DatagramHandler handle)
    {
        this.loop = loop;
        socket = MulticastReceiver.Open(interfaceIndex, group, port);
        try
        {
            socket.Membership.Replace(filter);
            loop.Watch(socket.Descriptor, () => socket.Receive(handle));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Dropped => socket.Dropped;

    /// <inheritdoc/>
    public void Dispose()
    {
        loop.Unwatch(socket.Descriptor);
        socket.Dispose();
    }
}
