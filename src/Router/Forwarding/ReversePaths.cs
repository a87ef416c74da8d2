using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>The way back to a source: packets of it are taken from there and from nowhere else (reverse path forwarding).</summary>
/// <param name="Kind">Whether there is one.</param>
/// <param name="InterfaceIndex">The interface that the unicast route names.</param>
/// <param name="InterfaceName">The interface that an override names.</param>
internal readonly record struct ReversePath(ReversePathKind Kind, int InterfaceIndex = 0, string? InterfaceName = null);

/// <summary>The kinds of <see cref="ReversePath"/>.</summary>
internal enum ReversePathKind
{
    /// <summary>There is no route to the source.</summary>
    None,

    /// <summary>The source is this host: the kernel lets its address in from nowhere else.</summary>
    Own,

    /// <summary>The interface of the route to the source; of one that is directly connected, its link.</summary>
    Route,

    /// <summary>The interface that an override names.</summary>
    Override,
}

/// <summary>Finds the ways back to sources: by overrides, else by the kernel's unicast routes; and tells when these change.</summary>
internal sealed class ReversePaths : IDisposable
{
    private readonly RouteLookup lookup;
    private readonly RouteWatch watch;

    /// <summary>Opens the sockets in the present namespace.</summary>
    public ReversePaths(IEnumerable<ReversePathOverride> overrides)
    {
        Override(overrides);
        // First the watch: what changes between a lookup and the watch must not go unseen.
        watch = RouteWatch.Open();
        lookup = RouteLookup.Open();
    }

    /// <summary>Readable when routes may have changed.</summary>
    public FileDescriptor Descriptor => watch.Descriptor;

    /// <summary>The overrides, the longest prefix first.</summary>
    public IReadOnlyList<ReversePathOverride> Overrides { get; private set; } = [];

    /// <summary>Makes these the overrides. What was found before may be otherwise now.</summary>
    public void Override(IEnumerable<ReversePathOverride> overrides) => Overrides = [.. overrides.OrderByDescending(each => each.Sources.Length)];

    /// <summary>The way back to a source as of now.</summary>
    public ReversePath Find(Address source)
    {
        foreach (var each in Overrides)
        {
            if (each.Sources.Contains(source))
                return new ReversePath(ReversePathKind.Override, InterfaceName: each.Interface);
        }

        return lookup.Find(source) switch
        {
            null => default,
            { IsLocal: true } => new ReversePath(ReversePathKind.Own),
            { InterfaceIndex: var index } => new ReversePath(ReversePathKind.Route, index),
        };
    }

    /// <summary>The sources whose ways back may have changed since the last call; valid until the next.</summary>
    public IReadOnlyList<Prefix> ReadChanges() => watch.ReadChanges();

    /// <summary>Closes the sockets.</summary>
    public void Dispose()
    {
        watch.Dispose();
        lookup.Dispose();
    }
}
