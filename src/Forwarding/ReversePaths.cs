using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>Finds reverse paths: by the operator's overrides, else by the unicast routes.</summary>
/// <param name="unicast">The unicast routes.</param>
public sealed class ReversePaths(IReversePathLookup unicast) : IReversePathLookup
{
    /// <summary>The overrides, the longest prefix first.</summary>
    public IReadOnlyList<ReversePathOverride> Overrides { get; private set; } = [];

    /// <summary>Makes these the overrides. What was found before may have changed.</summary>
    public void Override(IEnumerable<ReversePathOverride> overrides) =>
        Overrides = [.. overrides.OrderByDescending(each => each.Sources.Length)];

    /// <inheritdoc/>
    public ReversePath Find(Address source)
    {
        foreach (var each in Overrides)
        {
            if (each.Sources.Contains(source))
                return new ReversePath(ReversePathKind.Override, InterfaceName: each.Interface);
        }

        return unicast.Find(source);
    }
}
