using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary>What the naive router knows of a group (RFC 9776 §6.2).</summary>
internal sealed class NaiveGroup
{
    /// <summary>Whether it is in EXCLUDE mode.</summary>
    internal bool Excludes { get; set; }

    /// <summary>When the group timer expires. It counts in EXCLUDE mode only.</summary>
    internal Instant Timer { get; set; } = Instant.Never;

    /// <summary>The sources, each with the time when its timer expires; null where that is over and the source is blocked.</summary>
    internal Dictionary<Address, Instant?> Sources { get; } = [];

    /// <summary>Until when a member of version 1 is taken to be there, and one of version 2.</summary>
    internal Instant VersionOneUntil { get; set; }

    internal Instant VersionTwoUntil { get; set; }

    /// <summary>A, or X in EXCLUDE mode: the sources that somebody has asked for.</summary>
    internal List<Address> Wanted => [.. Sources.Where(each => each.Value is not null).Select(each => each.Key)];

    /// <summary>Y: the sources that nobody wants.</summary>
    internal List<Address> Blocked => [.. Sources.Where(each => each.Value is null).Select(each => each.Key)];

    internal bool IsEmpty => !Excludes && Sources.Count == 0;

    /// <summary>Whether a source is forwarded (RFC 9776 §6.3).</summary>
    internal bool Forwards(Address source) => Sources.TryGetValue(source, out var timer) ? timer is not null : Excludes;
}
