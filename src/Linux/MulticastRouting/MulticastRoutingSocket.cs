using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using Calls = MulticastLab.Linux.MulticastRouting.MulticastRoutingCalls;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// The kernel's IPv4 multicast forwarding of one network namespace (ip_mroute): interfaces are added as VIFs, and every (source, group)
/// gets an entry that says where its packets come in and where they go out. Needs CAP_NET_ADMIN and CAP_NET_RAW; one per table.
/// </summary>
/// <remarks>
/// On the same socket the kernel would deliver every IGMP message of the namespace, where old routing daemons read them. A filter keeps
/// them out: this socket carries upcalls only. Closing it takes down all VIFs and entries that were set through it.
/// What to do about a refusal is explained by <see cref="MulticastRoutingAdvice"/>.
/// </remarks>
/// <threadsafety>One thread at a time; entries may be set while another thread waits for upcalls.</threadsafety>
public sealed unsafe class MulticastRoutingSocket : IDisposable
{
    /// <summary>How many VIFs there can be: MAXVIFS.</summary>
    public const int MaxVifs = OutgoingInterfaces.Most;

    private const int IgmpProtocol = 2;
    private const int LongestUpcall = 20 + 65_535;

    // The protocol field of an IPv4 header, which an upcall has as zero.
    private static readonly PacketFilter UpcallsOnly = new(
        FilterInstruction.LoadByte(9), FilterInstruction.IfEqual(0, 0, 1),
        FilterInstruction.Take(FilterInstruction.WholePacket), FilterInstruction.Take(0));

    private readonly byte[] buffer = new byte[LongestUpcall];
    private bool isRouter;

    private MulticastRoutingSocket(FileDescriptor descriptor, uint table)
    {
        Descriptor = descriptor;
        Table = table;
    }

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The table that it refers to.</summary>
    public uint Table { get; }

    /// <summary>The kernel's answer to MRT_VERSION: 0x305 on every Linux.</summary>
    public int Version
    {
        get
        {
            int version;
            var length = (uint)sizeof(int);
            LinuxException.ThrowIfFailed(
                Libc.GetSocketOption(Descriptor, SocketConstants.LevelIp, Calls.Version, &version, &length), "getsockopt(MRT_VERSION)");
            return version;
        }
    }

    /// <summary>Becomes the multicast router of the thread's network namespace.</summary>
    /// <exception cref="LinuxException">No privilege, or (<see cref="Errno.AddressInUse"/>) another program is one already.</exception>
    public static MulticastRoutingSocket Open() => Open(new MulticastRoutingOptions());

    /// <summary>Becomes the multicast router of a table of the thread's network namespace, or sets static entries independently of
    /// it.</summary>
    /// <exception cref="LinuxException">No privilege, or (<see cref="Errno.AddressInUse"/>) another program is one already.</exception>
    public static MulticastRoutingSocket Open(MulticastRoutingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var descriptor = SocketExtensions.OpenSocket(
            SocketConstants.FamilyInet, SocketConstants.TypeRaw | SocketConstants.NonBlocking, IgmpProtocol, "socket(SOCK_RAW, IGMP)");
        var socket = new MulticastRoutingSocket(descriptor, options.Table);
        try
        {
            UpcallsOnly.Attach(descriptor);
            if (options.Table != MulticastRoutingOptions.DefaultTable)
                socket.Set(Calls.Table, options.Table, "MRT_TABLE", $"table {options.Table}");
            if (options.IsRouter)
                socket.Begin(options);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Adds an interface as a VIF.</summary>
    /// <param name="vif">0 to 31, not in use.</param>
    /// <param name="options">What it stands for.</param>
    /// <exception cref="LinuxException">The interface is gone, or the number or the interface is in use.</exception>
    public void AddVif(int vif, VifOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireVif(vif);
        Set(Calls.AddVif, VifControl.Of(vif, options), "MRT_ADD_VIF", $"VIF {vif}");
    }

    /// <summary>
    /// Removes a VIF; entries no longer forward there. One that the kernel has removed with its interface is no error.
    /// </summary>
    public void DeleteVif(int vif)
    {
        RequireVif(vif);
        try
        {
            Set(Calls.DeleteVif, new VifControl { Vif = (ushort)vif }, "MRT_DEL_VIF", $"VIF {vif}");
        }
        catch (LinuxException gone) when (gone.Error == Errno.AddressNotAvailable)
        {
            // The kernel was faster.
        }
    }

    /// <summary>Sets an entry, or changes the one that is there; packets that wait for it are forwarded.</summary>
    /// <exception cref="LinuxException">The kernel does not accept the entry.</exception>
    public void SetEntry(in MfcEntry entry)
    {
        if (entry.IsProxy)
            SetEntry(Calls.AddProxyEntry, entry, "setsockopt(MRT_ADD_MFC_PROXY)");
        else
            SetEntry(Calls.AddEntry, entry, "setsockopt(MRT_ADD_MFC)");
    }

    /// <summary>Removes an entry: the next packet leads to an upcall. One that is not there is no error.</summary>
    public void DeleteEntry(in MfcEntry entry)
    {
        if (entry.IsProxy)
            SetEntry(Calls.DeleteProxyEntry, entry, "setsockopt(MRT_DEL_MFC_PROXY)", Errno.NoSuchFile);
        else
            SetEntry(Calls.DeleteEntry, entry, "setsockopt(MRT_DEL_MFC)", Errno.NoSuchFile);
    }

    /// <summary>Removes all entries or VIFs of these kinds (MRT_FLUSH; kernel 5.3 and later).</summary>
    public void Flush(FlushScope scope) => Set(Calls.Flush, (int)scope, "MRT_FLUSH", "");

    /// <summary>The counters of an entry; null when the kernel has no such entry.</summary>
    public MfcCounts? ReadCounts(Address source, Address group)
    {
        var request = new EntryCountRequest { Source = Calls.NetworkOrder(source), Group = Calls.NetworkOrder(group) };
        if (!TryAsk(Calls.GetEntryCounts, &request, "ioctl(SIOCGETSGCNT)"))
            return null;
        // The kernel counts a packet before it looks where it came from.
        return new MfcCounts((long)(request.Packets - request.WrongVif), (long)request.Bytes, (long)request.WrongVif);
    }

    /// <summary>The counters of a VIF; null when there is none of that number.</summary>
    public VifCounts? ReadVifCounts(int vif)
    {
        RequireVif(vif);
        var request = new VifCountRequest { Vif = (ushort)vif };
        return TryAsk(Calls.GetVifCounts, &request, "ioctl(SIOCGETVIFCNT)")
            ? new VifCounts((long)request.PacketsIn, (long)request.PacketsOut, (long)request.BytesIn, (long)request.BytesOut)
            : null;
    }

    /// <summary>Takes the next upcall, if there is one.</summary>
    public bool TryReceive(out Upcall upcall)
    {
        upcall = default;
        while (true)
        {
            nint length;
            fixed (byte* first = buffer)
                length = Libc.Receive(Descriptor, first, (nuint)buffer.Length, SocketConstants.DontWait);
            if (length < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.Interrupted or Errno.NoBufferSpace:
                        continue;
                    case Errno.TryAgain:
                        return false;
                    default:
                        throw LinuxException.Last("recv(MRT upcall)");
                }
            }

            if (Upcall.Read(buffer.AsSpan(0, (int)length)) is not { } read)
                continue;
            upcall = read;
            return true;
        }
    }

    /// <summary>The upcalls as they come, until it is cancelled. In place of <see cref="TryReceive"/>, by one reader.</summary>
    public async IAsyncEnumerable<Upcall> ReadUpcalls([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // The base library's socket knows how to wait without a thread. It borrows the descriptor.
        using var borrowed = new SafeSocketHandle(Descriptor.Number, ownsHandle: false);
        using var socket = new Socket(borrowed);
        var memory = new byte[LongestUpcall];
        while (true)
        {
            var length = await socket.ReceiveAsync(memory, cancellation).ConfigureAwait(false);
            if (Upcall.Read(memory.AsSpan(0, length)) is { } upcall)
                yield return upcall;
        }
    }

    /// <summary>Ends multicast routing in the table, at once.</summary>
    public void Dispose()
    {
        // A process that is being started has a copy of every descriptor until it runs its program, and the kernel closes the socket with
        // the last copy only: until then the table would have a router, and nobody else could become it.
        if (isRouter && !Descriptor.IsClosed)
            _ = Libc.SetSocketOption(Descriptor, SocketConstants.LevelIp, Calls.Done, null, 0);
        isRouter = false;
        Descriptor.Dispose();
    }

    private void Begin(MulticastRoutingOptions options)
    {
        Descriptor.SetReceiveBuffer(4 << 20);
        Set(Calls.Init, 1, "MRT_INIT", options.Table == MulticastRoutingOptions.DefaultTable ? "" : $"table {options.Table}");
        isRouter = true;
        if (options.TellWrongVif)
            Set(Calls.Assert, 1, "MRT_ASSERT", "");
        if (options.Pim != PimMode.Off)
            Set(Calls.Pim, (int)options.Pim, "MRT_PIM", "");
    }

    private static void RequireVif(int vif) => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)vif, (uint)MaxVifs, nameof(vif));

    private void Set<T>(int option, T value, string name, string about)
        where T : unmanaged =>
        Descriptor.SetOption(SocketConstants.LevelIp, option, value, $"setsockopt({name})", about);

    // The text for a refusal is made only when there is one: entries are set by the thousand.
    private void SetEntry(int option, in MfcEntry entry, string call, int notAnError = 0)
    {
        RequireVif(entry.Incoming);
        var control = new EntryControl(entry);
        if (Libc.SetSocketOption(Descriptor, SocketConstants.LevelIp, option, &control, (uint)sizeof(EntryControl)) >= 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        if (error != notAnError)
            throw new LinuxException(
                call,
                error,
                $"({(entry.Source.IsUnspecified ? "*" : entry.Source)}, {(entry.Group.IsUnspecified ? "*" : entry.Group)}) from VIF "
                    + $"{entry.Incoming}");
    }

    private bool TryAsk(nuint request, void* argument, string call)
    {
        if (Libc.Ioctl(Descriptor, request, argument) >= 0)
            return true;
        // EINVAL: a VIF's number above those in use.
        return Marshal.GetLastPInvokeError() is Errno.AddressNotAvailable or Errno.InvalidArgument
            ? false
            : throw LinuxException.Last(call);
    }
}
