using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>Static routes, the most specific first: by the length of the group's prefix, then of the source's.</summary>
/// <param name="routes">The routes, no two of them about the same sources and groups.</param>
internal sealed class StaticRoutes(IEnumerable<StaticRoute> routes)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<StaticRoute> All { get; } = [.. routes.OrderByDescending(each => each.Groups.Length).ThenByDescending(each => each.Sources.Length)];

    /// <summary>The most specific route for packets of this source to this group; null when there is none.</summary>
    public StaticRoute? Find(Address source, Address group)
    {
        foreach (var each in All)
        {
            if (each.Covers(source, group))
                return each;
        }

        return null;
    }
}
