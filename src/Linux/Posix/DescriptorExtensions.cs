using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>Waiting for, reading from and writing to bare descriptors.</summary>
public static unsafe class DescriptorExtensions
{
    private const short Readable = 1; // POLLIN; errors and hang-ups are always reported

    /// <summary>Waits until the descriptor can be read, is in error or was hung up.</summary>
    /// <returns>False when it could not in time.</returns>
    /// <exception cref="LinuxException">The descriptor cannot be waited for.</exception>
    public static bool WaitUntilReadable(this FileDescriptor descriptor, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var entry = new PollEntry { Descriptor = descriptor.Number, Events = Readable };
        var deadline = KernelClock.Monotonic + timeout;
        while (true)
        {
            var left = Math.Max(0, Math.Ceiling((deadline - KernelClock.Monotonic).TotalMilliseconds));
            var count = Libc.Poll(&entry, 1, (int)Math.Min(left, int.MaxValue));
            if (count >= 0)
                return count > 0;
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                throw LinuxException.Last("poll");
        }
    }

    /// <summary>Waits until one of two descriptors can be read, is in error or was hung up.</summary>
    /// <returns>True for the first, whatever the second; false when it is only the second.</returns>
    /// <exception cref="LinuxException">They cannot be waited for.</exception>
    public static bool WaitUntilEitherReadable(FileDescriptor first, FileDescriptor second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = first.Number, Events = Readable };
        entries[1] = new PollEntry { Descriptor = second.Number, Events = Readable };
        while (Libc.Poll(entries, 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                throw LinuxException.Last("poll");
        }

        return entries[0].Returned != 0;
    }

    /// <summary>Reads what is there, waiting for the first byte unless the descriptor is non-blocking.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="LinuxException">The descriptor cannot be read.</exception>
    public static int Read(this FileDescriptor descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = (int)Libc.Read(descriptor, start, (nuint)buffer.Length);
                if (count >= 0)
                    return count;
                if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                    throw LinuxException.Last("read");
            }
        }
    }

    /// <summary>Writes all the bytes.</summary>
    /// <exception cref="LinuxException">The descriptor cannot be written.</exception>
    public static void Write(this FileDescriptor descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = (int)Libc.Write(descriptor, start + done, (nuint)(bytes.Length - done));
                if (count >= 0)
                    done += count;
                else if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                    throw LinuxException.Last("write");
            }
        }
    }
}
