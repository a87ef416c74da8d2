using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>Watches for queries of other versions (§7.3.1), which correct administration rules out.</summary>
internal sealed class QuerierVersions(RouterContext context)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private Instant? warned;

    /// <summary>A query was received.</summary>
    public void Heard(in Query query, Address from, Instant now)
    {
        // A router of the current version warns of General Queries of older versions, an older one of every other version.
        if (query.Generation == context.Generation || (context.Generation.HasSources && query.Kind != QueryKind.General))
            return;
        var warn = warned is not { } last || now - last >= Silence;
        if (warn)
            warned = now;
        context.Emit(new QueryOfOtherVersion(context.Dialect.VersionOf(query.Generation), from, warn));
    }
}
