using System.Globalization;
using System.Text;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Services;

/// <summary>
/// The service manager that has started this process and expects status notifications (sd_notify(3)): one datagram of <c>NAME=value</c>
/// lines at a time, to a socket with a path or in the abstract namespace. Never blocks, and nothing depends on whether anybody listens.
/// </summary>
public sealed class ServiceManager : IDisposable
{
    private readonly FileDescriptor socket;
    private readonly byte[] address;

    private ServiceManager(FileDescriptor socket, byte[] address, TimeSpan? watchdog)
    {
        this.socket = socket;
        this.address = address;
        Watchdog = watchdog;
    }

    /// <summary>The watchdog interval: within what time it expects each sign of life; null when it expects none.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>The service manager that the environment names (NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID).</summary>
    /// <returns>It; null when there is none.</returns>
    public static ServiceManager? FromEnvironment() =>
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { } name ? Open(name, WatchdogOf(Environment.GetEnvironmentVariable)) : null;

    /// <summary>A service manager that listens on a socket.</summary>
    /// <param name="name">An absolute path, or <c>@</c> and a name in the abstract namespace.</param>
    /// <param name="watchdog">Within what time it expects a sign of life; null when it expects none.</param>
    /// <returns>It; null when the name is not valid.</returns>
    public static ServiceManager? Open(string name, TimeSpan? watchdog)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length < 2 || name[0] is not ('/' or '@'))
            return null;
        var socket = Libc.Socket(SocketConstants.FamilyUnix, SocketConstants.TypeDatagram | SocketConstants.CloseOnExec, 0);
        return socket.IsInvalid ? null : new ServiceManager(socket, Address(name), watchdog);
    }

    /// <summary>The service has started and is working.</summary>
    public void Ready(string status) => Tell($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>The status of the service, for people.</summary>
    public void Status(string status) => Tell($"STATUS={OneLine(status)}");

    /// <summary>It reads its configuration again; <see cref="Ready"/> ends that.</summary>
    // The manager waits for a READY that was sent after this instant of the monotonic clock, in microseconds.
    public void Reloading() =>
        Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={KernelClock.Monotonic.Nanoseconds / 1000}"));

    /// <summary>It is about to end.</summary>
    public void Stopping() => Tell("STOPPING=1");

    /// <summary>A sign of life.</summary>
    public void Alive() => Tell("WATCHDOG=1");

    /// <summary>Closes the socket.</summary>
    public void Dispose() => socket.Dispose();

    /// <summary>What the environment says of the watchdog; it may be meant for another process.</summary>
    public static TimeSpan? WatchdogOf(Func<string, string?> variable)
    {
        if (
            !long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            || microseconds == 0)
            return null;
        var process = variable("WATCHDOG_PID");
        var isMeant = string.IsNullOrEmpty(process) || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isMeant ? TimeSpan.FromMicroseconds(microseconds) : null;
    }

    private static byte[] Address(string name)
    {
        // struct sockaddr_un: a name in the abstract namespace begins with a zero byte, and its length is the address's.
        var bytes = new byte[2 + Encoding.UTF8.GetByteCount(name)];
        BitConverter.TryWriteBytes(bytes, (ushort)SocketConstants.FamilyUnix);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(2));
        if (name[0] == '@')
            bytes[2] = 0;
        return bytes;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private unsafe void Tell(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        fixed (byte* first = bytes)
        fixed (byte* to = address)
        {
            _ = Libc.SendTo(
                socket, first, (nuint)bytes.Length, SocketConstants.DontWait | SocketConstants.NoSignal, to, (uint)address.Length);
        }
    }
}
