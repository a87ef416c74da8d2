using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Datagrams;

/// <summary>The kernel's receive stamps (SO_TIMESTAMPNS).</summary>
internal static unsafe class ReceiveStamps
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Address Loopback = Address.FromV4(0x7F00_0001);

    /// <summary>
    /// Has the kernel stamp what a socket will receive, and waits until it does. The kernel stamps packets only while some socket of the
    /// machine asks for it, and begins a moment after the first one has asked, a long one on a busy machine (net_enable_timestamp defers
    /// it to a work queue). What arrives before that is stamped when it is read: packets read together would seem to have arrived
    /// together.
    /// </summary>
    /// <remarks>
    /// Tried with datagrams to itself on the loopback of the thread's network namespace. Where that interface is down it cannot be tried,
    /// and nothing is waited for.
    /// </remarks>
    /// <exception cref="LinuxException">The socket cannot have stamps.</exception>
    public static void TurnOn(FileDescriptor socket)
    {
        Ask(socket);
        using var trial = SocketExtensions.OpenSocket(
            SocketConstants.FamilyInet, SocketConstants.TypeDatagram | SocketConstants.NonBlocking, 0, "socket(AF_INET, SOCK_DGRAM)");
        Ask(trial);
        if (!TryConnectToItself(trial))
            return;
        using var batch = new MessageBatch(capacity: 1, messageLength: 1, nameLength: 0);
        var deadline = KernelClock.Monotonic + Patience;
        while (KernelClock.Monotonic < deadline && !IsStampedOnArrival(trial, batch))
            Thread.Yield();
    }

    private static void Ask(FileDescriptor socket) =>
        socket.SetOption(SocketConstants.LevelSocket, SocketConstants.TimestampNanoseconds, 1, "setsockopt(SO_TIMESTAMPNS)");

    private static bool TryConnectToItself(FileDescriptor trial)
    {
        var address = new SocketAddressStorage(Loopback);
        var length = SocketAddressStorage.InetLength;
        return Libc.Bind(trial, &address, length) == 0
            && Libc.GetSocketName(trial, &address, &length) == 0
            && Libc.Connect(trial, &address, length) == 0;
    }

    // A stamp that is given at reading is no earlier than the moment before it.
    private static bool IsStampedOnArrival(FileDescriptor trial, MessageBatch batch)
    {
        byte content = 0;
        if (Libc.Send(trial, &content, 1, SocketConstants.DontWait) != 1 || !trial.WaitUntilReadable(Patience))
            return false;
        var beforeReading = KernelClock.RealTime;
        return batch.Receive(trial) == 1 && batch.Stamp(0) < beforeReading;
    }
}
