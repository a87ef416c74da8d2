using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>A system call has failed; the message names the call, what it was about, and the error.</summary>
public sealed class LinuxException : IOException
{
    /// <summary>A failed call.</summary>
    /// <param name="call">The call as one would look it up: <c>setsockopt(MCAST_JOIN_GROUP)</c>.</param>
    /// <param name="error">The error number, see <see cref="Errno"/>.</param>
    /// <param name="about">What it was called for, e.g. <c>eth0</c>; empty for nothing.</param>
    public LinuxException(string call, int error, string about = "")
        : base($"{call}{(about.Length == 0 ? "" : $" for {about}")}: {Errno.Describe(error)}")
    {
        Call = call;
        Error = error;
    }

    /// <summary>The call that failed.</summary>
    public string Call { get; }

    /// <summary>The error number, see <see cref="Errno"/>.</summary>
    public int Error { get; }

    /// <summary>Whether a missing privilege is the cause (EPERM, EACCES).</summary>
    public bool IsPermission => Error is Errno.OperationNotPermitted or Errno.AccessDenied;

    /// <summary>The exception for the present thread's last error.</summary>
    internal static LinuxException Last(string call, string about = "") => new(call, Marshal.GetLastPInvokeError(), about);

    /// <summary>Passes a call's result on, or throws for the last error when it is negative.</summary>
    internal static int ThrowIfFailed(int result, string call, string about = "") => result >= 0 ? result : throw Last(call, about);
}
