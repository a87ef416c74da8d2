namespace MulticastLab.Forwarding;

/// <summary>What an operator has said about forwarding.</summary>
public sealed record ForwardingOptions
{
    /// <summary>Routes that apply without members.</summary>
    public IReadOnlyList<StaticRoute> StaticRoutes { get; init; } = [];

    /// <summary>Where packets of sources are taken, other than the unicast routes say.</summary>
    public IReadOnlyList<ReversePathOverride> ReversePaths { get; init; } = [];

    /// <summary>TTL thresholds of interfaces that are not 1, for packets that go to members there.</summary>
    public IReadOnlyList<StaticOutput> TtlThresholds { get; init; } = [];

    /// <summary>Says what in this is not possible where the router serves these interfaces; null when everything is.</summary>
    public ForwardingObstacle? Obstacle(IReadOnlyCollection<string> interfaces)
    {
        for (var i = 0; i < StaticRoutes.Count; i++)
        {
            if (Missing(StaticRoutes[i].Interfaces) is { } missing)
                return new ForwardingObstacle("static-routes", i, $"static route {StaticRoutes[i]}: {missing}");
            if (StaticRoutes.Take(i).FirstOrDefault(StaticRoutes[i].IsAboutTheSameAs) is { } same)
                return new ForwardingObstacle(
                    "static-routes", i, $"static route {StaticRoutes[i]}: already defined: {same}");
        }

        for (var i = 0; i < ReversePaths.Count; i++)
        {
            if (Missing([ReversePaths[i].Interface]) is { } missing)
                return new ForwardingObstacle("reverse-paths", i, $"reverse path {ReversePaths[i]}: {missing}");
        }

        for (var i = 0; i < TtlThresholds.Count; i++)
        {
            var threshold = TtlThresholds[i];
            if (Missing([threshold.Interface]) is { } missing)
                return new ForwardingObstacle("ttl-thresholds", i, $"TTL threshold {threshold}: {missing}");
            if (TtlThresholds.Take(i).Any(each => each.Interface == threshold.Interface))
                return new ForwardingObstacle("ttl-thresholds", i, $"TTL threshold {threshold}: {threshold.Interface} has two");
        }

        return null;

        string? Missing(IEnumerable<string> names) => names.FirstOrDefault(each => !interfaces.Contains(each)) is { } name
            ? $"the router does not serve {name}, only {string.Join(", ", interfaces)}"
            : null;
    }
}
