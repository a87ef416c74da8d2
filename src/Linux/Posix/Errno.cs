using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>The Linux error numbers that callers distinguish (asm-generic/errno.h), and their names.</summary>
public static class Errno
{
    /// <summary>EPERM: the privilege is missing.</summary>
    public const int OperationNotPermitted = 1;

    /// <summary>ENOENT: no such file.</summary>
    public const int NoSuchFile = 2;

    /// <summary>EINTR: interrupted by a signal; try again.</summary>
    public const int Interrupted = 4;

    /// <summary>ENXIO: a socket cannot be opened as a file.</summary>
    public const int NoSuchDeviceOrAddress = 6;

    /// <summary>EAGAIN: nothing there now.</summary>
    public const int TryAgain = 11;

    /// <summary>EACCES: the file's mode forbids it.</summary>
    public const int AccessDenied = 13;

    /// <summary>ENODEV: no such interface, or it is gone.</summary>
    public const int NoSuchDevice = 19;

    /// <summary>EINVAL: the kernel does not take this value.</summary>
    public const int InvalidArgument = 22;

    /// <summary>EROFS: the file system is mounted read-only.</summary>
    public const int ReadOnlyFileSystem = 30;

    /// <summary>EMSGSIZE: longer than the link has room for.</summary>
    public const int MessageTooLong = 90;

    /// <summary>ENOPROTOOPT: the kernel was built without it.</summary>
    public const int ProtocolOptionNotAvailable = 92;

    /// <summary>EOPNOTSUPP: the operation does not exist for this object.</summary>
    public const int NotSupported = 95;

    /// <summary>EADDRINUSE: in use, or already a member.</summary>
    public const int AddressInUse = 98;

    /// <summary>EADDRNOTAVAIL: not an address of this host, or not a member.</summary>
    public const int AddressNotAvailable = 99;

    /// <summary>ENETDOWN: the interface is down.</summary>
    public const int NetworkDown = 100;

    /// <summary>ENETUNREACH: no route.</summary>
    public const int NetworkUnreachable = 101;

    /// <summary>ECONNABORTED: the client was gone before it was accepted.</summary>
    public const int ConnectionAborted = 103;

    /// <summary>ENOBUFS: a limit or a queue is full.</summary>
    public const int NoBufferSpace = 105;

    private static readonly Dictionary<int, string> Names = new()
    {
        [1] = "EPERM",
        [2] = "ENOENT",
        [4] = "EINTR",
        [5] = "EIO",
        [6] = "ENXIO",
        [9] = "EBADF",
        [11] = "EAGAIN",
        [12] = "ENOMEM",
        [13] = "EACCES",
        [14] = "EFAULT",
        [16] = "EBUSY",
        [17] = "EEXIST",
        [19] = "ENODEV",
        [20] = "ENOTDIR",
        [21] = "EISDIR",
        [22] = "EINVAL",
        [23] = "ENFILE",
        [24] = "EMFILE",
        [25] = "ENOTTY",
        [28] = "ENOSPC",
        [30] = "EROFS",
        [32] = "EPIPE",
        [34] = "ERANGE",
        [38] = "ENOSYS",
        [90] = "EMSGSIZE",
        [92] = "ENOPROTOOPT",
        [93] = "EPROTONOSUPPORT",
        [95] = "EOPNOTSUPP",
        [97] = "EAFNOSUPPORT",
        [98] = "EADDRINUSE",
        [99] = "EADDRNOTAVAIL",
        [100] = "ENETDOWN",
        [101] = "ENETUNREACH",
        [104] = "ECONNRESET",
        [105] = "ENOBUFS",
        [106] = "EISCONN",
        [107] = "ENOTCONN",
        [110] = "ETIMEDOUT",
        [111] = "ECONNREFUSED",
        [113] = "EHOSTUNREACH",
        [114] = "EALREADY",
        [115] = "EINPROGRESS",
    };

    /// <summary>The number's name and the C library's text: <c>ENODEV: No such device</c>.</summary>
    public static string Describe(int errno) =>
        $"{Names.GetValueOrDefault(errno, $"errno {errno}")}: {Marshal.GetPInvokeErrorMessage(errno)}";
}
