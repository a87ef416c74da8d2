using System.Globalization;

namespace MulticastLab.Linux.Posix;

/// <summary>A kernel setting (sysctl) of the present network namespace.</summary>
/// <param name="Name">Its path below <c>/proc/sys</c>: <c>net/ipv4/igmp_max_msf</c>. Slashes, because an interface's name may hold
/// dots.</param>
public sealed record KernelSetting(string Name)
{
    private string File => Path.Combine("/proc/sys", Name);

    /// <summary>The value; a number in all the settings of this project.</summary>
    /// <exception cref="LinuxException">The kernel has no such setting, or it cannot be read.</exception>
    public long Read()
    {
        try
        {
            return long.Parse(
                System.IO.File.ReadAllText(File), NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LinuxException("read", ErrorOf(exception), File);
        }
    }

    /// <summary>Changes it.</summary>
    /// <exception cref="LinuxException">Not allowed here (<see cref="LinuxException.IsPermission"/>,
    /// <see cref="Errno.ReadOnlyFileSystem"/>), or not a value that the kernel takes.</exception>
    public void Write(long value)
    {
        try
        {
            System.IO.File.WriteAllText(File, value.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LinuxException("write", ErrorOf(exception), File);
        }
    }

    // The base library keeps the error number where it has no exception type of its own for it.
    private static int ErrorOf(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.NoSuchFile,
        UnauthorizedAccessException { InnerException: IOException { HResult: > 0 } inner } => inner.HResult,
        UnauthorizedAccessException => Errno.AccessDenied,
        { HResult: > 0 } => exception.HResult,
        _ => Errno.InvalidArgument,
    };
}
