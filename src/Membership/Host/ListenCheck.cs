using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>Checks of a socket's requests.</summary>
internal static class ListenCheck
{
    /// <summary>Checks a request before anything is changed.</summary>
    /// <exception cref="ListenException">It is refused.</exception>
    public static void Check(HostContext host, int socket, Address group, SourceFilter filter)
    {
        if (!group.IsMulticast || group.IsV4 != host.Dialect.AllSystems.IsV4)
            throw new ListenException(ListenError.NotAGroup, $"{group} is not a group address of {host.Dialect.Name}.");
        foreach (var source in filter.Sources)
        {
            if (source.IsMulticast || source.IsUnspecified || source.IsV4 != group.IsV4)
                throw new ListenException(
                    ListenError.NotASource, $"{source} cannot be a source of {group}: it is not a unicast address of {host.Dialect.Name}.");
        }

        // RFC 4604 §2.1. Such a socket would make the interface report EXCLUDE, which §2.2 there forbids.
        if (filter.Mode == FilterMode.Exclude && host.IsSourceSpecific(group))
            throw new ListenException(
                ListenError.ExcludeInSourceSpecificRange,
                $"{group} is source-specific: it can be listened to with INCLUDE and sources only.");

        // The union of the included sources is bounded in EXCLUDE mode too: when the last EXCLUDE socket closes, which must not fail, it is
        // the state.
        var together = host.Groups.TryGetValue(group, out var state) && filter.Mode == FilterMode.Include
            ? state.IncludedWith(socket, filter)
            : filter.Sources.Count;
        if (together > host.Settings.MaxSources)
            throw new ListenException(
                ListenError.TooManySources, $"{group} would have {together} sources, more than {host.Settings.MaxSources}.");
    }
}
