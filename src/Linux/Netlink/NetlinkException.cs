using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Netlink;

/// <summary>The kernel has refused a netlink request.</summary>
public sealed class NetlinkException : IOException
{
    /// <summary>A refused request.</summary>
    /// <param name="request">What was asked, for the reader: "add veth r1.eth0".</param>
    /// <param name="error">The error number, see <see cref="Errno"/>.</param>
    /// <param name="text">The kernel's own words (extended acknowledgement); empty when it gave none.</param>
    public NetlinkException(string request, int error, string text)
        : base($"Cannot {request}: {(text.Length == 0 ? "" : text + " ")}({Errno.Describe(error)})")
    {
        Error = error;
    }

    /// <summary>The error number.</summary>
    public int Error { get; }
}
