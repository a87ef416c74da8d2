using System.Globalization;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Namespaces;

/// <summary>A process, held by a descriptor (pidfd): it cannot be mistaken for a later process with the same number.</summary>
public sealed class ProcessReference : IDisposable
{
    private const int KillSignal = 9;
    private const int NoSuchProcess = 3;
    private const int NoChild = 10;
    private const int WaitByHandle = 3; // P_PIDFD
    private const int WaitForExit = 4; // WEXITED
    private const int WaitNoHang = 1; // WNOHANG

    private long? startTime;

    private ProcessReference(int id, long? startTime, FileDescriptor descriptor)
    {
        Id = id;
        this.startTime = startTime;
        Descriptor = descriptor;
    }

    /// <summary>The process id, as the caller's PID namespace sees it.</summary>
    public int Id { get; }

    /// <summary>
    /// When the process started, in clock ticks since boot: together with the id it identifies a process permanently. 0 for a child that
    /// had ended before it was read.
    /// </summary>
    public long StartTime => startTime ??= ReadStartTime(Id) ?? 0;

    /// <summary>The pidfd: readable as soon as the process has ended.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Takes hold of a process.</summary>
    /// <param name="id">The process id.</param>
    /// <param name="startTime">When it must have started; null for whichever process has the id now.</param>
    /// <returns>Null when that process is gone.</returns>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static ProcessReference? Find(int id, long? startTime = null)
    {
        var descriptor = Libc.OpenProcess(id);
        if (descriptor is null)
        {
            var error = Marshal.GetLastPInvokeError();
            // EINVAL, in newer kernels ENOENT: the id is that of a thread by now, so not of the process that had it.
            return error is NoSuchProcess or Errno.InvalidArgument or Errno.NoSuchFile
                ? null
                : throw LinuxException.Last("pidfd_open", $"process {id}");
        }

        // Read after the descriptor was opened: what is read is the held process, or the process is gone.
        if (ReadStartTime(id) is { } found && (startTime is null || startTime == found))
            return new ProcessReference(id, found, descriptor);
        descriptor.Dispose();
        return null;
    }

    /// <summary>This process.</summary>
    public static ProcessReference Current() =>
        Find(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not show this process.");

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => WaitForEnd(TimeSpan.Zero);

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>False when it did not in time.</returns>
    public bool WaitForEnd(TimeSpan timeout) => Descriptor.WaitUntilReadable(timeout);

    /// <summary>
    /// Gives the process, its session and what they start priority over the machine's other work, as far as the caller may (CAP_SYS_NICE).
    /// </summary>
    public void Favour()
    {
        const int Nice = -10;
        _ = Libc.SetPriority(0, Id, Nice);
        try
        {
            // Where the scheduler groups processes by session, it weighs the sessions against each other.
            File.WriteAllText($"/proc/{Id}/autogroup", Nice.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // No such groups here, or no privilege: then it is scheduled like any other.
        }
    }

    /// <summary>Ends the process at once (SIGKILL); nothing happens when it has ended already.</summary>
    /// <exception cref="LinuxException">The caller may not.</exception>
    public void Kill() => Signal(KillSignal);

    /// <summary>Sends the process a signal; nothing happens when it has ended already.</summary>
    /// <exception cref="LinuxException">The caller may not.</exception>
    public void Signal(int signal)
    {
        if (Libc.SignalProcess(Descriptor, signal) < 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
            throw LinuxException.Last("pidfd_send_signal", $"process {Id}");
    }

    /// <summary>Takes the exit status of an ended child, so that nothing of it stays in the process table.</summary>
    /// <returns>The exit code, 128 + the signal that ended it, or null when it is not this process's child or still runs.</returns>
    public unsafe int? Reap()
    {
        // siginfo_t of 64-bit Linux: si_code at 8, si_status at 24.
        const int CodeOffset = 8;
        const int StatusOffset = 24;
        const int Exited = 1;
        var information = stackalloc byte[128];
        *(int*)(information + CodeOffset) = 0;
        if (Libc.WaitId(WaitByHandle, Descriptor, information, WaitForExit | WaitNoHang) < 0)
            return Marshal.GetLastPInvokeError() == NoChild ? null : throw LinuxException.Last("waitid", $"process {Id}");
        var status = *(int*)(information + StatusOffset);
        return *(int*)(information + CodeOffset) switch { 0 => null, Exited => status, _ => 128 + status };
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>
    /// A child that was not reaped yet: its number cannot have been reused. Its start time is read when it is asked for: who makes a node's
    /// processes sees the node's /proc, not this process's.
    /// </summary>
    internal static ProcessReference OfChild(int id)
    {
        var descriptor = Libc.OpenProcess(id) ?? throw LinuxException.Last("pidfd_open", $"process {id}");
        return new ProcessReference(id, null, descriptor);
    }

    private static long? ReadStartTime(int id)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/{id}/stat");
        }
        catch (IOException)
        {
            // Ended in between: that is the answer.
            return null;
        }

        // proc(5): field 22; the second field is the name in parentheses, which may itself hold spaces and parentheses.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[22 - 3], CultureInfo.InvariantCulture);
    }
}
