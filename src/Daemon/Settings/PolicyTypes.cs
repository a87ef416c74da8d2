using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Membership;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>A bound: a number from 1, or none.</summary>
/// <param name="Most">The number; null for no bound.</param>
public readonly record struct Limit(int? Most);

/// <summary><c>1000</c> or <c>unlimited</c>.</summary>
public sealed class LimitType : ScalarType<Limit>
{
    private const string Unlimited = "unlimited";

    /// <inheritdoc/>
    public override string Description => "a whole number from 1, or unlimited";

    /// <inheritdoc/>
    public override string ValueName => "N|unlimited";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => [Unlimited];

    /// <inheritdoc/>
    public override string Write(Limit value) => value.Most?.ToString(CultureInfo.InvariantCulture) ?? Unlimited;

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new()
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = int.MaxValue },
                new JsonObject { ["const"] = Unlimited }),
        };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out Limit value)
    {
        value = new Limit(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null);
        return value.Most is >= 1 || text == Unlimited;
    }
}

/// <summary>Two texts that belong together: <c>{group: 232.1.1.1, source: 192.0.2.1}</c>.</summary>
/// <typeparam name="T">What they stand for.</typeparam>
/// <param name="valueName">What a help text calls it: <c>[SOURCE,]GROUP</c>.</param>
/// <param name="description">What it is, with an article.</param>
/// <param name="first">The key of the first text.</param>
/// <param name="second">The key of the second one.</param>
/// <param name="parse">Reads the two; the second may be missing.</param>
/// <param name="write">Writes the two; the second is null where only the first is to be written.</param>
public sealed class PairType<T>(
    string valueName, string description, string first, string second, PairType<T>.Parser parse,
    Func<T, (string First, string? Second)> write) : SettingType<T>
    where T : notnull
{
    /// <summary>Reads two texts.</summary>
    /// <returns>Whether they are such a pair.</returns>
    public delegate bool Parser(string first, string? second, [MaybeNullWhen(false)] out T value);

    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override string ValueName => valueName;

    /// <inheritdoc/>
    public override object? ReadObject(YamlNode node, FileProblems problems)
    {
        var texts = node switch
        {
            YamlScalar { IsNothing: false } scalar => (scalar.Value, null),
            YamlMapping mapping when Texts(mapping) is { } both => both,
            _ => default((string, string?)?),
        };
        return texts is var (one, other) && parse(one, other, out var value) ? value : Refuse(node, problems);
    }

    /// <inheritdoc/>
    public override string Write(T value) => write(value) is var (one, other) && other is null
        ? YamlText.Scalar(one)
        : $"{{{first}: {YamlText.Scalar(write(value).First)}, {second}: {YamlText.Scalar(write(value).Second!)}}}";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new()
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string" },
                new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray(first),
                    ["additionalProperties"] = false,
                    ["properties"] = new JsonObject
                    {
                        [first] = new JsonObject { ["type"] = "string" },
                        [second] = new JsonObject { ["type"] = "string" },
                    },
                }),
        };

    private (string First, string? Second)? Texts(YamlMapping mapping)
    {
        var texts = mapping
            .Entries.Where(each => each.Value is YamlScalar)
            .ToLookup(each => each.Key.Value, each => ((YamlScalar)each.Value).Value);
        var isWhole =
            texts[first].Count() == 1
            && texts[second].Count() <= 1
            && texts.Count == mapping.Entries.Count
            && texts.All(each => each.Key == first || each.Key == second);
        return isWhole ? (texts[first].Single(), texts[second].SingleOrDefault()) : null;
    }
}

/// <summary>The types of policies.</summary>
public static class PolicyTypes
{
    /// <summary>A bound.</summary>
    public static LimitType Limit => new();

    /// <summary>Prefixes.</summary>
    public static ListType<Prefix> Prefixes =>
        new(
            new TextType<Prefix>("PREFIX", "a prefix such as 10.0.0.0/24", "/[0-9]+$", Prefix.TryParse, each => each.ToString()),
            "prefixes such as 10.0.0.0/24");

    /// <summary>The rules of an access list.</summary>
    public static ListType<AccessRule> Rules =>
        new(
            new TextType<AccessRule>(
                "permit|deny:PREFIX", "a rule such as permit 239.1.0.0/16", "^(permit|deny)[ :]", AccessRule.TryParse,
                each => each.ToString()),
            "rules such as permit 239.1.0.0/16");

    /// <summary>Groups, or groups with a source.</summary>
    public static ListType<GroupAndSource> Memberships =>
        new(
            new PairType<GroupAndSource>(
                "[SOURCE,]GROUP", "a group such as 239.1.1.1, or {group: 232.1.1.1, source: 192.0.2.1}", "group", "source",
                TryReadMembership, each => (each.Group.ToString(), each.Source?.ToString())),
            "groups such as 239.1.1.1 or {group: 232.1.1.1, source: 192.0.2.1}");

    /// <summary>Mappings of source-specific groups to sources.</summary>
    public static ListType<SsmMapping> Mappings =>
        new(
            new PairType<SsmMapping>(
                "SOURCE,PREFIX", "a mapping such as {groups: 232.1.0.0/16, source: 192.0.2.1}", "groups", "source", TryReadMapping,
                each => (each.Groups.ToString(), each.Source.ToString())),
            "mappings such as {groups: 232.1.0.0/16, source: 192.0.2.1}");

    private static bool TryReadMembership(string group, string? source, out GroupAndSource value) =>
        GroupAndSource.TryParse(source is null ? group : $"{source},{group}", out value);

    private static bool TryReadMapping(string groups, string? source, [MaybeNullWhen(false)] out SsmMapping value) =>
        SsmMapping.TryParse(source is null ? groups : $"{source},{groups}", out value);
}
