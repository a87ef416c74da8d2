using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Netlink;

/// <summary>The notification groups (linux/rtnetlink.h) that a <see cref="NetlinkSocket"/> subscribes to.</summary>
[Flags]
internal enum NetlinkGroups : uint
{
    None = 0,
    Link = 1,
    Ipv4Address = 0x10,
    Ipv4MulticastRoute = 0x20,
    Ipv4Route = 0x40,
    Ipv4Rule = 0x80,
    NextHop = 0x8000_0000,
}

/// <summary>What <see cref="NetlinkSocket.Receive"/> has found.</summary>
internal enum NetlinkReception
{
    /// <summary>Nothing is there now.</summary>
    Nothing,

    /// <summary>A datagram of messages.</summary>
    Messages,

    /// <summary>The kernel had no room for some notifications: everything known so far must be read again.</summary>
    Lost,
}

/// <summary>Reads one message of a dump; null for what is of no interest.</summary>
internal delegate T? MessageReader<out T>(ReadOnlySpan<byte> body);

/// <summary>A routing netlink socket (rtnetlink(7)) of the calling thread's network namespace: messages out, messages in.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int Family = 16; // AF_NETLINK
    private const int Level = 270; // SOL_NETLINK
    private const int ExtendedAcknowledgement = 11; // NETLINK_EXT_ACK
    private const int CappedAcknowledgement = 10; // NETLINK_CAP_ACK
    private const int ReceiveBufferBytes = 1 << 20;
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP

    private readonly byte[] buffer = new byte[128 * 1024];
    private readonly NetlinkWriter writer = new();

    private NetlinkSocket(FileDescriptor descriptor) => Descriptor = descriptor;

    public FileDescriptor Descriptor { get; }

    /// <summary>The number of the latest request: answers to it carry it.</summary>
    public uint Sequence { get; private set; }

    /// <summary>Opens a socket, and subscribes to the groups.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static NetlinkSocket Open(NetlinkGroups groups = NetlinkGroups.None)
    {
        var socket = SocketExtensions.OpenSocket(Family, SocketConstants.TypeRaw, 0, "socket(AF_NETLINK)");
        try
        {
            // Many interfaces may change at once: room for a thousand messages, as far as the limits go.
            socket.SetReceiveBuffer(ReceiveBufferBytes);
            socket.SetOption(Level, ExtendedAcknowledgement, 1, "setsockopt(NETLINK_EXT_ACK)");
            socket.SetOption(Level, CappedAcknowledgement, 1, "setsockopt(NETLINK_CAP_ACK)");
            // struct sockaddr_nl: family, padding, port, groups.
            Span<byte> address = stackalloc byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(address, Family);
            BinaryPrimitives.WriteUInt32LittleEndian(address[8..], (uint)groups);
            fixed (byte* start = address)
                LinuxException.ThrowIfFailed(Libc.Bind(socket, start, 12), "bind(AF_NETLINK)");
            return new NetlinkSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The number of the next request.</summary>
    public uint NextSequence() => ++Sequence;

    /// <summary>Sends messages.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            LinuxException.ThrowIfFailed((int)Libc.Send(Descriptor, start, (nuint)bytes.Length, 0), "send(AF_NETLINK)");
    }

    /// <summary>Sends one request: its fixed part and at most one attribute.</summary>
    public void Request(ushort type, ushort flags, ReadOnlySpan<byte> fixedPart, ushort attribute = 0, ReadOnlySpan<byte> value = default)
    {
        writer.Clear();
        var start = writer.BeginMessage(type, flags, NextSequence());
        writer.Raw(fixedPart);
        if (attribute != 0)
            writer.Attribute(attribute, value);
        writer.EndMessage(start);
        Send(writer.Written);
    }

    /// <summary>Asks for everything of a kind.</summary>
    public void RequestDumpOf(ushort type, ReadOnlySpan<byte> fixedPart) => Request(type, RequestDump, fixedPart);

    /// <summary>Takes the next datagram; it is valid until the next call.</summary>
    /// <param name="wait">Whether to wait for one.</param>
    /// <param name="messages">Its messages.</param>
    public NetlinkReception Receive(bool wait, out NetlinkMessages messages)
    {
        messages = default;
        while (true)
        {
            fixed (byte* first = buffer)
            {
                var length = (int)Libc.Receive(Descriptor, first, (nuint)buffer.Length, wait ? 0 : SocketConstants.DontWait);
                if (length >= 0)
                {
                    messages = new NetlinkMessages(buffer.AsSpan(0, length));
                    return NetlinkReception.Messages;
                }
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    continue;
                case Errno.TryAgain:
                    return NetlinkReception.Nothing;
                case Errno.NoBufferSpace:
                    return NetlinkReception.Lost;
                default:
                    throw LinuxException.Last("recv(AF_NETLINK)");
            }
        }
    }

    /// <summary>Lists everything of a kind, and starts over when it changed while it was being read.</summary>
    /// <param name="type">The request's type: RTM_GET….</param>
    /// <param name="fixedPart">Its fixed part.</param>
    /// <param name="what">What is listed, for the error message.</param>
    /// <param name="read">Reads one of them.</param>
    /// <exception cref="NetlinkException">The kernel refuses.</exception>
    public IReadOnlyList<T> Dump<T>(ushort type, ReadOnlySpan<byte> fixedPart, string what, MessageReader<T> read)
        where T : class
    {
        while (true)
        {
            var found = new List<T>();
            RequestDumpOf(type, fixedPart);
            var (done, consistent) = (false, true);
            while (!done)
            {
                if (Receive(wait: true, out var messages) == NetlinkReception.Lost)
                    continue;
                foreach (var message in messages)
                {
                    if (message.Sequence != Sequence)
                        continue;
                    consistent &= (message.Flags & NetlinkMessage.Interrupted) == 0;
                    if (message.Type == NetlinkMessage.DoneType)
                        done = true;
                    else if (message.Type == NetlinkMessage.ErrorType)
                        throw new NetlinkException($"list {what}", message.Error, message.ErrorText());
                    else if (read(message.Body) is { } item)
                        found.Add(item);
                }
            }

            if (consistent)
                return found;
        }
    }

    /// <summary>Waits for the answer to the latest request.</summary>
    /// <exception cref="NetlinkException">The kernel refuses it.</exception>
    public void AwaitAcknowledgement(string what)
    {
        while (true)
        {
            if (Receive(wait: true, out var messages) == NetlinkReception.Lost)
                continue;
            foreach (var message in messages)
            {
                if (message.Type != NetlinkMessage.ErrorType || message.Sequence != Sequence)
                    continue;
                if (message.Error != 0)
                    throw new NetlinkException(what, message.Error, message.ErrorText());
                return;
            }
        }
    }

    public void Dispose() => Descriptor.Dispose();
}
