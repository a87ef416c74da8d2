using System.Diagnostics.CodeAnalysis;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>How the router forwards.</summary>
internal sealed record ForwardingOptions
{
    /// <summary>The kernel's multicast routing table.</summary>
    public uint Table { get; init; } = MulticastRoutingOptions.DefaultTable;

    /// <summary>Routes that hold without members.</summary>
    public IReadOnlyList<StaticRoute> StaticRoutes { get; init; } = [];

    /// <summary>Where sources are, other than the unicast routes say.</summary>
    public IReadOnlyList<ReversePathOverride> ReversePaths { get; init; } = [];

    /// <summary>TTL thresholds of interfaces that are not 1, for packets that go to members there.</summary>
    public IReadOnlyList<StaticOutput> TtlThresholds { get; init; } = [];

    /// <summary>How often an entry is looked at; one that took no packet between two looks is removed.</summary>
    public TimeSpan IdleCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many entries there may be: packets from made-up sources must not fill the kernel's memory.</summary>
    public int MostEntries { get; init; } = 65_536;

    /// <summary>Says what of this cannot be where the router serves these interfaces; null when all can.</summary>
    public string? Obstacle(IReadOnlyCollection<string> interfaces)
    {
        for (var i = 0; i < StaticRoutes.Count; i++)
        {
            if (Missing(StaticRoutes[i].Interfaces) is { } missing)
                return $"static route {StaticRoutes[i]}: {missing}";
            if (StaticRoutes.Take(i).FirstOrDefault(StaticRoutes[i].IsAboutTheSameAs) is { } same)
                return $"static route {StaticRoutes[i]}: there is one about the same already: {same}";
        }

        foreach (var path in ReversePaths)
        {
            if (Missing([path.Interface]) is { } missing)
                return $"reverse path {path}: {missing}";
        }

        foreach (var threshold in TtlThresholds)
        {
            if (Missing([threshold.Interface]) is { } missing)
                return $"TTL threshold {threshold}: {missing}";
            if (TtlThresholds.Count(each => each.Interface == threshold.Interface) > 1)
                return $"TTL threshold {threshold}: {threshold.Interface} has two";
        }

        return null;

        string? Missing(IEnumerable<string> names) => names.FirstOrDefault(each => !interfaces.Contains(each)) is { } name
            ? $"the router does not serve {name}, only {string.Join(", ", interfaces)}"
            : null;
    }
}

/// <summary>Says where sources are to be taken from, other than the unicast routes say.</summary>
/// <param name="Sources">The sources; the longest prefix counts.</param>
/// <param name="Interface">Their interface.</param>
internal sealed record ReversePathOverride(Prefix Sources, string Interface)
{
    /// <summary>Reads <c>10.9.0.0/16=eth1</c>.</summary>
    /// <exception cref="FormatException">It is not such.</exception>
    public static ReversePathOverride Parse(string text)
    {
        if (text.Split('=') is not [var sources, { Length: > 0 } name])
            throw new FormatException($"'{text}' is not a prefix and an interface such as 10.9.0.0/16=eth1");
        return new ReversePathOverride(StaticRoute.ParseSources(sources), name);
    }

    /// <summary>Reads <c>10.9.0.0/16=eth1</c>.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out ReversePathOverride path)
    {
        try
        {
            path = Parse(text);
            return true;
        }
        catch (FormatException)
        {
            path = null;
            return false;
        }
    }

    /// <summary><c>10.9.0.0/16=eth1</c>.</summary>
    public override string ToString() => $"{Sources}={Interface}";
}
