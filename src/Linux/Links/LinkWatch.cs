using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Links;

/// <summary>
/// Watches the interfaces of the network namespace it was opened in (rtnetlink(7): groups LINK and IPV4_IFADDR): what there is, and what
/// changes. It only reads, so it needs no privilege.
/// </summary>
public sealed class LinkWatch : IDisposable
{
    private readonly LinkTable table = new();
    private readonly NetlinkSocket socket;

    private LinkWatch(NetlinkSocket socket) => this.socket = socket;

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor => socket.Descriptor;

    /// <summary>The links as of the last reading.</summary>
    public IReadOnlyCollection<Link> Links => table.Links;

    /// <summary>Starts to watch, and reads what there is.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static LinkWatch Open()
    {
        var socket = NetlinkSocket.Open(NetlinkGroups.Link | NetlinkGroups.Ipv4Address);
        try
        {
            var watch = new LinkWatch(socket);
            watch.Refresh();
            return watch;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The link of that name now; null when there is none.</summary>
    public Link? Find(string name) => table.Find(name);

    /// <summary>Takes the changes that were reported since the last reading, without waiting for any.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void ReadChanges()
    {
        while (true)
        {
            switch (socket.Receive(wait: false, out var messages))
            {
                case NetlinkReception.Nothing:
                    return;
                case NetlinkReception.Lost:
                    Refresh();
                    break;
                case NetlinkReception.Messages:
                    foreach (var message in messages)
                        table.Apply(message.Type, message.Body);
                    break;
            }
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => socket.Dispose();

    private void Refresh()
    {
        do
            table.Clear();
        while (!Dump(LinkMessage.GetLink, LinkMessage.AllLinks) || !Dump(LinkMessage.GetAddress, LinkMessage.AllAddresses));
    }

    /// <summary>Asks for everything of a kind; changes reported in between are taken too. False when messages were lost.</summary>
    private bool Dump(ushort type, ReadOnlySpan<byte> fixedPart)
    {
        socket.RequestDumpOf(type, fixedPart);
        while (true)
        {
            if (socket.Receive(wait: true, out var messages) == NetlinkReception.Lost)
                return false;
            foreach (var message in messages)
            {
                var ours = message.Sequence == socket.Sequence;
                if (message.Type == NetlinkMessage.DoneType && ours)
                    return true;
                if (message.Type == NetlinkMessage.ErrorType && ours)
                    throw new LinuxException("rtnetlink dump", message.Error);
                table.Apply(message.Type, message.Body);
            }
        }
    }
}
