namespace MulticastLab.Linux.Posix;

/// <summary>A pipe with a name (fifo(7)).</summary>
public static class Fifo
{
    /// <summary>Creates one that only its owner can open.</summary>
    /// <exception cref="LinuxException">It cannot be made there.</exception>
    public static void Make(string path)
    {
        const uint OwnerReadsAndWrites = 0x180; // octal 600
        LinuxException.ThrowIfFailed(Libc.MakeFifo(path, OwnerReadsAndWrites), "mkfifo", path);
    }
}
