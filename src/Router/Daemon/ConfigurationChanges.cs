using MulticastLab.Daemon.Settings;
using MulticastLab.Daemon.Configuration;

namespace MulticastLab.Router.Daemon;

/// <summary>A difference between two configurations.</summary>
/// <param name="Interface">The interface; null for the router as a whole.</param>
/// <param name="Setting">The setting; null when the interface itself was added or removed.</param>
/// <param name="From">The old value; null for an added interface.</param>
/// <param name="To">The new value; null for a removed interface.</param>
/// <param name="AtOnce">Whether it takes effect at once; otherwise at the next start.</param>
internal sealed record ConfigurationChange(string? Interface, string? Setting, string? From, string? To, bool AtOnce = true)
{
    /// <summary>One line for people: <c>eth0: query-interval 125 → 60</c>.</summary>
    public override string ToString() => this switch
    {
        { Setting: null, From: null } => $"{Interface}: added",
        { Setting: null } => $"{Interface}: removed",
        { Interface: null } => $"{Setting} {From} → {To}{(AtOnce ? "" : " with the next start")}",
        _ => $"{Interface}: {Setting} {From} → {To}",
    };
}

/// <summary>What differs between two configurations, to be carried out without touching what is the same.</summary>
internal sealed class ConfigurationChanges
{
    private readonly RouterOptions before;
    private readonly RouterOptions after;

    /// <summary>Compares.</summary>
    public ConfigurationChanges(RouterOptions before, RouterOptions after)
    {
        this.before = before;
        this.after = after;
        Removed = [.. before.Interfaces.Where(each => Find(after, each.Name) is null)];
        Added = [.. after.Interfaces.Where(each => Find(before, each.Name) is null)];
        Changed = [.. after.Interfaces.Where(each => Find(before, each.Name) is { } old && Settings(old, each).Any())];
    }

    /// <summary>The interfaces that are no longer to be served.</summary>
    public IReadOnlyList<InterfaceOptions> Removed { get; }

    /// <summary>The interfaces that are to be served from now on.</summary>
    public IReadOnlyList<InterfaceOptions> Added { get; }

    /// <summary>The interfaces that have other settings now.</summary>
    public IReadOnlyList<InterfaceOptions> Changed { get; }

    /// <summary>All of it, one setting after the other.</summary>
    public IEnumerable<ConfigurationChange> All =>
    [
        .. Global,
        .. Removed.Select(each => new ConfigurationChange(each.Name, null, "served", null)),
        .. Changed.SelectMany(each => Settings(Find(before, each.Name)!, each)),
        .. Added.Select(each => new ConfigurationChange(each.Name, null, null, "served")),
    ];

    /// <summary>Those of the router as a whole.</summary>
    public IEnumerable<ConfigurationChange> Global => RouterGlobalSettings.Table.All.Where(each => !each.IsSame(before, after))
        .Select(each => new ConfigurationChange(null, each.Name, each.Text(before), each.Text(after), each.CountsAtOnce));

    private static IEnumerable<ConfigurationChange> Settings(InterfaceOptions before, InterfaceOptions after) =>
        RouterInterfaceSettings.Table.All.Where(each => !each.IsSame(before.Settings, after.Settings))
            .Select(each => new ConfigurationChange(after.Name, each.Name, each.Text(before.Settings), each.Text(after.Settings)));

    private static InterfaceOptions? Find(RouterOptions options, string name) =>
        options.Interfaces.FirstOrDefault(each => each.Name == name);
}
