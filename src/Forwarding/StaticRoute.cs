using System.Text.RegularExpressions;
using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// A configured multicast route: packets to its groups from its sources are accepted on one interface, whatever the unicast routes say, and
/// go out of others whether or not members are known there. They also go where members are.
/// </summary>
/// <param name="From">The interface where packets are taken.</param>
/// <param name="Groups">The groups: one, or a prefix.</param>
/// <param name="Sources">The sources: one, a prefix, or all (0.0.0.0/0).</param>
/// <param name="To">Where packets go out.</param>
public sealed partial record StaticRoute(string From, Prefix Groups, Prefix Sources, IReadOnlyList<StaticOutput> To)
{
    /// <summary>All sources.</summary>
    public static readonly Prefix AnySource = new(Address.AnyV4, 0);

    private static readonly Prefix LinkLocalGroups = Prefix.Parse("224.0.0.0/24");

    /// <summary>Reads <c>(*, 239.1.0.0/16) eth0 -> eth1 eth2=16</c>.</summary>
    /// <exception cref="FormatException">It is no route; the message says why.</exception>
    public static StaticRoute Parse(string text)
    {
        if (Form().Match(text) is not { Success: true, Groups: var parts })
            throw new FormatException($"'{text}' is not a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16");
        return Parse(parts[3].Value, parts[2].Value, parts[1].Value, parts[4].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>
    /// Reads a route from words: <c>eth0</c>, <c>239.1.0.0/16</c>, <c>10.0.0.2</c> or nothing, <c>eth1</c> and <c>eth2=16</c>.
    /// </summary>
    /// <param name="from">The interface where packets are taken.</param>
    /// <param name="group">A group or a prefix of groups.</param>
    /// <param name="source">A source or a prefix; null, <c>*</c> or 0.0.0.0 for all.</param>
    /// <param name="to">Interfaces, each with its TTL threshold if it is not 1: <c>eth2=16</c>.</param>
    /// <exception cref="FormatException">It is no route; the message says why.</exception>
    public static StaticRoute Parse(string from, string group, string? source, IEnumerable<string> to)
    {
        var groups = ParsePrefix(group, "group");
        if (!groups.Address.IsV4 || !groups.Address.IsMulticast || groups.Length < 4)
            throw new FormatException($"group {group} is not within 224.0.0.0/4");
        if (LinkLocalGroups.Contains(groups.Address) && groups.Length >= LinkLocalGroups.Length)
            throw new FormatException($"group {group} is within {LinkLocalGroups}, which is never forwarded (RFC 5771 §4)");
        var sources = ParseSources(source);
        StaticOutput[] outputs = [.. to.Select(StaticOutput.Parse)];
        if (outputs.Length == 0)
            throw new FormatException("there is no interface for packets to go out");
        if (outputs.GroupBy(each => each.Interface).FirstOrDefault(each => each.Count() > 1) is { } twice)
            throw new FormatException($"packets go out of {twice.Key} twice");
        if (outputs.Any(each => each.Interface == from))
            throw new FormatException($"packets go out of {from}, where they come in");
        return new StaticRoute(from, groups, sources, outputs);
    }

    /// <summary>Reads a source or a prefix; null, <c>*</c> or 0.0.0.0 are all.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Prefix ParseSources(string? text)
    {
        if (text is null or "*" or "0.0.0.0")
            return AnySource;
        var sources = ParsePrefix(text, "source");
        return sources.Address is { IsV4: true, IsMulticast: false }
            ? sources
            : throw new FormatException($"source {text} is not an IPv4 address of a host or network");
    }

    [GeneratedRegex(@"^\s*\(\s*([^\s,]+)\s*,\s*([^\s,]+)\s*\)\s*(\S+)\s*->\s*(.*?)\s*$")]
    private static partial Regex Form();

    /// <summary>Whether the route is about packets of this source to this group.</summary>
    public bool Covers(Address source, Address group) => Groups.Contains(group) && Sources.Contains(source);

    /// <inheritdoc/>
    public bool Equals(StaticRoute? other) =>
        other is not null && From == other.From && IsAboutTheSameAs(other) && To.SequenceEqual(other.To);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(From, Groups, Sources);

    /// <summary>Whether it and the other are for the same sources and groups, so that only one of them can exist.</summary>
    public bool IsAboutTheSameAs(StaticRoute other) => Groups == other.Groups && Sources == other.Sources;

    /// <summary>Every interface that the route names.</summary>
    public IEnumerable<string> Interfaces => To.Select(each => each.Interface).Prepend(From);

    /// <summary><c>(10.0.0.0/8, 239.1.1.1) eth0 -> eth1 eth2=16</c>.</summary>
    public override string ToString() => $"({Text(Sources)}, {Text(Groups)}) {From} -> {string.Join(' ', To)}";

    /// <summary>A prefix as people write it: a plain address where it is one, <c>*</c> for all.</summary>
    public static string Text(Prefix prefix) => prefix.Length switch
    {
        0 => "*",
        32 => prefix.Address.ToString(),
        _ => prefix.ToString(),
    };

    /// <summary>Reads an address, or a prefix whose remaining bits are ignored: 239.1.0.1/24 is 239.1.0.0/24.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static Prefix ParsePrefix(string text, string what)
    {
        if (Address.TryParse(text, out var address))
            return new Prefix(address, address.Length * 8);
        if (!Prefix.TryParse(text, out var prefix))
            throw new FormatException($"{what} '{text}' is not an address or a prefix such as 10.0.0.0/24");
        return prefix.Address.IsV4 ? prefix.Normalized : prefix;
    }
}
