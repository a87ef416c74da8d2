using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>Overrides the reverse path of sources, which otherwise follows the unicast routes.</summary>
/// <param name="Sources">The sources; the longest prefix wins.</param>
/// <param name="Interface">Their interface.</param>
public sealed record ReversePathOverride(Prefix Sources, string Interface)
{
    /// <summary>Reads <c>10.9.0.0/16=eth1</c>.</summary>
    /// <exception cref="FormatException">It is not such.</exception>
    public static ReversePathOverride Parse(string text)
    {
        if (text.Split('=') is not [var sources, { Length: > 0 } name])
            throw new FormatException($"'{text}' is not a prefix and an interface such as 10.9.0.0/16=eth1");
        return new ReversePathOverride(StaticRoute.ParseSources(sources), name);
    }

    /// <summary><c>10.9.0.0/16=eth1</c>.</summary>
    public override string ToString() => $"{Sources}={Interface}";
}
