using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>Shorter forms of what a running lab can be asked.</summary>
public static class RunningLabExtensions
{
    /// <summary>Sets what the default socket of a host wants of a group, see <see cref="IRunningLab.Listen"/>.</summary>
    public static Task Listen(this IRunningLab lab, string node, Address group, SourceFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lab);
        return lab.Listen(node, HostSockets.Default, group, filter, cancellation);
    }
}
