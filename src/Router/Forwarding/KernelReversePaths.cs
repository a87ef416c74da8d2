using MulticastLab.Forwarding;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>Finds reverse paths by the kernel's unicast routes, and reports when these change.</summary>
internal sealed class KernelReversePaths : IReversePathLookup, IDisposable
{
    private readonly RouteLookup lookup;
    private readonly RouteWatch watch;

    /// <summary>Opens the sockets in the present namespace.</summary>
    public KernelReversePaths()
    {
        // First the watch: what changes between a lookup and the watch must not go unnoticed.
        watch = RouteWatch.Open();
        lookup = RouteLookup.Open();
    }

    /// <summary>Readable when routes may have changed.</summary>
    public FileDescriptor Descriptor => watch.Descriptor;

    /// <inheritdoc/>
    public ReversePath Find(Address source) => lookup.Find(source) switch
    {
        null => default,
        { IsLocal: true } => new ReversePath(ReversePathKind.Own),
        { InterfaceIndex: var index } => new ReversePath(ReversePathKind.Route, index),
    };

    /// <summary>The sources whose reverse paths may have changed since the last call; valid until the next.</summary>
    public IReadOnlyList<Prefix> ReadChanges() => watch.ReadChanges();

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        watch.Dispose();
        lookup.Dispose();
    }
}
