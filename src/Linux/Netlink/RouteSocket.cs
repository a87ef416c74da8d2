using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Interfaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Netlink;

/// <summary>
/// A routing netlink socket (rtnetlink(7)): makes, changes and lists links, in the network namespace in which it was opened, from whichever thread.
/// </summary>
/// <threadsafety>One thread at a time.</threadsafety>
public sealed unsafe class RouteSocket : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int NetlinkLevel = 270;
    private const int ExtendedAcknowledgement = 11;
    private const int CappedAcknowledgement = 10;
    private const uint LinkGroup = 1;
    private const ushort Error = 2;
    private const ushort Done = 3;
    private const ushort Interruption = 0x10; // NLM_F_DUMP_INTR: the list changed while it was read
    private const int ReceiveBufferBytes = 1 << 20;

    private readonly FileDescriptor socket;
    private readonly byte[] answer = new byte[128 * 1024];
    private uint sequence;

    private RouteSocket(FileDescriptor socket) => this.socket = socket;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <param name="followLinks">Whether <see cref="WaitForLinkChange"/> is to be used.</param>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static RouteSocket Open(bool followLinks = false)
    {
        var socket = SocketExtensions.OpenSocket(NetlinkFamily, SocketConstants.TypeRaw, 0, "socket(AF_NETLINK)");
        try
        {
            socket.SetReceiveBuffer(ReceiveBufferBytes);
            socket.SetOption(NetlinkLevel, ExtendedAcknowledgement, 1, "setsockopt(NETLINK_EXT_ACK)");
            socket.SetOption(NetlinkLevel, CappedAcknowledgement, 1, "setsockopt(NETLINK_CAP_ACK)");
            // struct sockaddr_nl: family, padding, port, groups.
            Span<byte> address = stackalloc byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(address, NetlinkFamily);
            BinaryPrimitives.WriteUInt32LittleEndian(address[8..], followLinks ? LinkGroup : 0);
            fixed (byte* start = address)
                LinuxException.ThrowIfFailed(Libc.Bind(socket, start, 12), "bind(AF_NETLINK)");
            return new RouteSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Has the kernel carry out the requests, in order, with few system calls.</summary>
    /// <exception cref="NetlinkException">The kernel refuses one; those before it have been carried out, those after it are tried all the same.</exception>
    public void Execute(IReadOnlyList<LinkRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        // Every request is acknowledged; a group's acknowledgements (36 bytes each, 0.8 KB of buffer) must fit the receive buffer.
        const int GroupSize = 128;
        NetlinkException? failure = null;
        for (var from = 0; from < requests.Count; from += GroupSize)
        {
            var group = requests.Skip(from).Take(GroupSize).ToList();
            var writer = new NetlinkWriter();
            var first = sequence + 1;
            foreach (var request in group)
                request.Write(writer, ++sequence);
            Send(writer.Written);
            for (var left = group.Count; left > 0;)
            {
                foreach (var message in Receive())
                {
                    var number = message.Sequence - first;
                    if (message.Type != Error || number >= (uint)group.Count)
                        continue;
                    left--;
                    var error = -BinaryPrimitives.ReadInt32LittleEndian(message.Body);
                    if (error != 0)
                        failure ??= new NetlinkException(group[(int)number].Description, error, ExtendedText(message.Body));
                }
            }
        }

        if (failure is not null)
            throw failure;
    }

    /// <summary>The links of the namespace.</summary>
    public IReadOnlyList<LinkState> Links() => Dump(LinkState.DumpRequest, LinkState.DumpHeader, LinkState.Read);

    /// <summary>The IPv4 and IPv6 addresses of the namespace.</summary>
    public IReadOnlyList<LinkAddressState> Addresses() => Dump(LinkAddressState.DumpRequest, LinkAddressState.DumpHeader, LinkAddressState.Read);

    /// <summary>Waits until the kernel tells that a link has changed (for sockets that follow links).</summary>
    /// <returns>False when it did not in time.</returns>
    public bool WaitForLinkChange(TimeSpan timeout)
    {
        if (!socket.WaitUntilReadable(timeout))
            return false;
        _ = Receive();
        return true;
    }

    /// <summary>Has the kernel fill in the checksums of what an interface of this namespace sends, so that captures show them right.</summary>
    /// <exception cref="LinuxException">No such interface, or no privilege.</exception>
    public void ComputeChecksumsInSoftware(string interfaceName) => TransmitChecksum.ComputeInSoftware(socket, interfaceName);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private List<T> Dump<T>(ushort type, ReadOnlySpan<byte> header, Func<byte[], T?> read)
        where T : class
    {
        const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
        while (true)
        {
            var found = new List<T>();
            var writer = new NetlinkWriter();
            var start = writer.BeginMessage(type, RequestDump, ++sequence);
            writer.Raw(header);
            writer.EndMessage(start);
            Send(writer.Written);
            var (done, consistent) = (false, true);
            while (!done)
            {
                foreach (var message in Receive())
                {
                    if (message.Sequence != sequence)
                        continue;
                    consistent &= (message.Flags & Interruption) == 0;
                    if (message.Type == Done)
                        done = true;
                    else if (message.Type == Error)
                        throw new NetlinkException("list the links or addresses", -BinaryPrimitives.ReadInt32LittleEndian(message.Body), "");
                    else if (read(message.Body) is { } item)
                        found.Add(item);
                }
            }

            if (consistent)
                return found;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            LinuxException.ThrowIfFailed((int)Libc.SendTo(socket, start, (nuint)bytes.Length, 0, null, 0), "sendto(AF_NETLINK)");
    }

    private List<Message> Receive()
    {
        var count = socket.Read(answer);
        var messages = new List<Message>();
        for (var at = 0; at + 16 <= count;)
        {
            var header = answer.AsSpan(at);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (length < 16 || at + length > count)
                break;
            messages.Add(new Message(
                BinaryPrimitives.ReadUInt16LittleEndian(header[4..]), BinaryPrimitives.ReadUInt16LittleEndian(header[6..]),
                BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), header[16..length].ToArray()));
            at += (length + 3) & ~3;
        }

        return messages;
    }

    private static string ExtendedText(ReadOnlySpan<byte> body)
    {
        const ushort MessageText = 1; // NLMSGERR_ATTR_MSG
        // The error number and the header of the refused request come first.
        foreach (var attribute in new NetlinkAttributes(body[20..]))
        {
            if (attribute.Type == MessageText)
                return attribute.Text;
        }

        return "";
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Message(ushort Type, ushort Flags, uint Sequence, byte[] Body);
}
