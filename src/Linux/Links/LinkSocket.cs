using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Links;

/// <summary>
/// Makes, changes and lists links by rtnetlink(7), in the network namespace in which it was opened, from whichever thread.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed class LinkSocket : IDisposable
{
    // Apart from each other: what many requests bring about fills a buffer with notifications, and then their acknowledgements are lost.
    private readonly NetlinkSocket socket;
    private readonly NetlinkSocket? notifications;

    private LinkSocket(NetlinkSocket socket, NetlinkSocket? notifications) => (this.socket, this.notifications) = (socket, notifications);

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="followLinks">Whether <see cref="WaitForLinkChange"/> is to be used.</param>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static LinkSocket Open(bool followLinks = false)
    {
        var socket = NetlinkSocket.Open();
        try
        {
            return new LinkSocket(socket, followLinks ? NetlinkSocket.Open(NetlinkGroups.Link) : null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Has the kernel carry out the requests, in order, with few system calls.</summary>
    /// <exception cref="NetlinkException">The kernel refuses one; those before it have been carried out, those after it are tried all the
    /// same.</exception>
    public void Execute(IReadOnlyList<LinkRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        // Every request is acknowledged; a group's acknowledgements (36 bytes each, 0.8 KB of buffer) must fit the receive buffer.
        const int GroupSize = 128;
        NetlinkException? failure = null;
        foreach (var group in requests.Chunk(GroupSize))
        {
            var writer = new NetlinkWriter();
            var first = socket.Sequence + 1;
            foreach (var request in group)
                request.Write(writer, socket.NextSequence());
            socket.Send(writer.Written);
            for (var left = group.Length; left > 0;)
            {
                if (socket.Receive(wait: true, out var messages) == NetlinkReception.Lost)
                    throw new NetlinkException("change links", Errno.NoBufferSpace, "the acknowledgements did not fit the receive buffer");
                foreach (var message in messages)
                {
                    var number = message.Sequence - first;
                    if (message.Type != NetlinkMessage.ErrorType || number >= (uint)group.Length)
                        continue;
                    left--;
                    if (message.Error != 0)
                        failure ??= new NetlinkException(group[(int)number].Description, message.Error, message.ErrorText());
                }
            }
        }

        if (failure is not null)
            throw failure;
    }

    /// <summary>The links of the namespace with their IPv4 addresses, in the order of their indexes.</summary>
    public IReadOnlyList<Link> Links()
    {
        var links = socket.Dump(LinkMessage.GetLink, LinkMessage.AllLinks, "the links", body => LinkMessage.ReadLink(body));
        var addresses = socket.Dump(LinkMessage.GetAddress, LinkMessage.AllAddresses, "the addresses", LinkMessage.ReadAddress)
            .ToLookup(each => each.Index, each => each.Address);
        return [.. links.OrderBy(each => each.Index).Select(each => each with { Addresses = [.. addresses[each.Index]] })];
    }

    /// <summary>Waits until the kernel reports that links have changed since the last call; for sockets that follow links.</summary>
    /// <returns>False when it did not in time.</returns>
    public bool WaitForLinkChange(TimeSpan timeout)
    {
        if (notifications is null)
            throw new InvalidOperationException("The socket does not follow links.");
        if (!notifications.Descriptor.WaitUntilReadable(timeout))
            return false;
        // All of them: whoever waits looks at all links each time.
        while (notifications.Receive(wait: false, out _) != NetlinkReception.Nothing) { }
        return true;
    }

    /// <summary>
    /// Has the kernel fill in the checksums of what an interface of this namespace sends, so that captures show them right.
    /// </summary>
    /// <exception cref="LinuxException">No such interface, or no privilege.</exception>
    public void ComputeChecksumsInSoftware(string interfaceName) => TransmitChecksum.ComputeInSoftware(socket.Descriptor, interfaceName);

    /// <inheritdoc/>
    public void Dispose()
    {
        socket.Dispose();
        notifications?.Dispose();
    }
}
