namespace MulticastLab.Forwarding;

/// <summary>What an operator has said about forwarding.</summary>
public sealed record ForwardingOptions
{
    /// <summary>Routes that hold without members.</summary>
    public IReadOnlyList<StaticRoute> StaticRoutes { get; init; } = [];

    /// <summary>Where packets of sources are taken, other than the unicast routes say.</summary>
    public IReadOnlyList<ReversePathOverride> ReversePaths { get; init; } = [];

    /// <summary>TTL thresholds of interfaces that are not 1, for packets that go to members there.</summary>
    public IReadOnlyList<StaticOutput> TtlThresholds { get; init; } = [];

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
