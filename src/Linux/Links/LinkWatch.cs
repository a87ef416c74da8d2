using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Links;

/// <summary>
/// Watches the interfaces of the network namespace it was opened in (rtnetlink(7): groups LINK and IPV4_IFADDR): what there is, and what
/// changes. Reading only, so it needs no privilege.
/// </summary>
public sealed unsafe class LinkWatch : IDisposable
{
    private const int FamilyNetlink = 16;
    private const int LinkGroup = 1; // RTMGRP_LINK
    private const int Ipv4AddressGroup = 0x10; // RTMGRP_IPV4_IFADDR
    private const int GetLink = 18;
    private const int GetAddress = 22;
    private const ushort RequestDump = 0x301; // NLM_F_REQUEST | NLM_F_DUMP
    private const int ErrorMessage = 2;
    private const int DoneMessage = 3;
    private const int HeaderLength = 16; // struct nlmsghdr
    private const int BufferLength = 1 << 16;

    private readonly LinkTable table = new();
    private readonly byte[] buffer = new byte[BufferLength];
    private uint sequence;

    private LinkWatch(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The links as of the last reading.</summary>
    public IReadOnlyCollection<Link> Links => table.Links;

    /// <summary>Starts to watch, and reads what there is.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static LinkWatch Open()
    {
        var socket = SocketExtensions.OpenSocket(FamilyNetlink, SocketConstants.TypeRaw, 0, "socket(AF_NETLINK)");
        try
        {
            // Many interfaces may change at once: room for a thousand messages, as far as the limits go.
            socket.SetReceiveBuffer(1 << 20);
            var address = new NetlinkAddress { Family = FamilyNetlink, Groups = LinkGroup | Ipv4AddressGroup };
            LinuxException.ThrowIfFailed(Libc.Bind(socket, &address, (uint)sizeof(NetlinkAddress)), "bind(AF_NETLINK)");
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

    /// <summary>Takes the changes that were told since the last reading, without waiting for any.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void ReadChanges()
    {
        while (true)
        {
            var length = Receive(SocketConstants.DontWait);
            if (length == 0)
                return;
            if (length < 0)
                Refresh();
            else
                Apply(buffer.AsSpan(0, length));
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => Descriptor.Dispose();

    private void Refresh()
    {
        bool complete;
        do
        {
            table.Clear();
            complete = Dump(GetLink) && Dump(GetAddress);
        }
        while (!complete);
    }

    /// <summary>Asks for everything of a kind; changes told in between are taken too. False when messages were lost.</summary>
    private bool Dump(ushort type)
    {
        Span<byte> request = stackalloc byte[HeaderLength + 16];
        request.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(request, request.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], RequestDump);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], ++sequence);
        if (type == GetAddress)
            request[HeaderLength] = SocketConstants.FamilyInet;
        fixed (byte* first = request)
            LinuxException.ThrowIfFailed((int)Libc.Send(Descriptor, first, (nuint)request.Length, 0), "send(AF_NETLINK)");
        while (true)
        {
            var length = Receive(0);
            if (length < 0)
                return false;
            if (Apply(buffer.AsSpan(0, length)))
                return true;
        }
    }

    /// <summary>Takes a datagram of messages.</summary>
    /// <returns>Whether the present dump ended with it.</returns>
    private bool Apply(ReadOnlySpan<byte> messages)
    {
        while (messages.Length >= HeaderLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            if (length < HeaderLength || length > messages.Length)
                return false;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            var ours = BinaryPrimitives.ReadUInt32LittleEndian(messages[8..]) == sequence;
            if (type == DoneMessage && ours)
                return true;
            if (type == ErrorMessage && ours)
                throw new LinuxException("rtnetlink dump", -BinaryPrimitives.ReadInt32LittleEndian(messages[HeaderLength..]));
            table.Apply(type, messages[HeaderLength..length]);
            messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
        }

        return false;
    }

    /// <returns>The datagram's length; 0 when there is none; -1 when the kernel had to drop some.</returns>
    private int Receive(int flags)
    {
        while (true)
        {
            fixed (byte* first = buffer)
            {
                var length = (int)Libc.Receive(Descriptor, first, BufferLength, flags);
                if (length >= 0)
                    return length;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    continue;
                case Errno.TryAgain:
                    return 0;
                case Errno.NoBufferSpace:
                    return -1;
                default:
                    throw LinuxException.Last("recv(AF_NETLINK)");
            }
        }
    }

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkAddress
    {
        public ushort Family;
        public ushort Pad;
        public uint Port;
        public uint Groups;
    }
}
