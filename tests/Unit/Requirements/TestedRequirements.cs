using System.Reflection;
using System.Text.RegularExpressions;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests.Shared;
using Xunit;
using Xunit.v3;

namespace MulticastLab.Tests.Requirements;

/// <summary>
/// Which tests show which requirement: by [Shows], by the name of the test, by its display name, or by the names of a theory's cases; and
/// the scenarios by [Covers].
/// </summary>
internal sealed partial class TestedRequirements
{
    private static readonly Dictionary<string, string> ByName = RequirementCatalog.All.ToDictionary(
        each => InNames(each.Id), each => each.Id);

    private readonly SortedDictionary<string, SortedSet<string>> tests = new(StringComparer.Ordinal);

    /// <summary>Reads the tests of an assembly, and all scenarios.</summary>
    public static TestedRequirements Of(Assembly assembly)
    {
        var tested = new TestedRequirements();
        foreach (
            var method in assembly
                .GetTypes()
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)))
        {
            if (method.GetCustomAttributes().OfType<IFactAttribute>().FirstOrDefault() is { } fact)
                tested.Add($"{NameOf(method.DeclaringType!)}.{method.Name}", [.. IdsOf(method, fact)]);
        }

        foreach (var scenario in ScenarioCatalog.BuiltIn.All)
            tested.Add($"scenario {scenario.Name}", [.. scenario.Requirements.Select(each => each.Id)]);
        return tested;
    }

    /// <summary>The tests that show a requirement, by name; none when there is none.</summary>
    public IReadOnlyCollection<string> this[string id] => tests.TryGetValue(id, out var names) ? names : [];

    /// <summary>Ids that tests name and the catalogue does not have, each with the test.</summary>
    public IEnumerable<string> Unknown => tests
        .Where(each => !RequirementCatalog.All.Concat(RequirementCatalog.Mld).Any(requirement => requirement.Id == each.Key))
        .SelectMany(each => each.Value.Select(test => $"{test} names {each.Key}"));

    /// <summary>The ids in a text as it stands in display names, and in a method's name, where '_' is for '-' and '.'.</summary>
    internal static IEnumerable<string> IdsIn(string text) => Written().Matches(text).Select(each => each.Value).Concat(IdsInName(text));

    // What only one dialect has is in a class of its own, within the one that both share.
    private static string NameOf(Type type) => type.DeclaringType is { } outer ? $"{outer.Name}.{type.Name}" : type.Name;

    private static IEnumerable<string> IdsOf(MethodInfo method, IFactAttribute fact)
    {
        var rows = method
            .GetCustomAttributes<MemberDataAttribute>()
            .SelectMany(data => Rows(data.MemberType ?? method.DeclaringType!, data.MemberName));
        var cases = method
            .GetCustomAttributes<InlineDataAttribute>()
            .SelectMany(data => data.Data)
            .Concat(rows.SelectMany(row => row.GetData().Append(row.TestDisplayName)));
        var names = cases.OfType<string>().Append(method.Name).Append(fact.DisplayName ?? "");
        return (method.GetCustomAttribute<ShowsAttribute>()?.Requirements ?? []).Concat(names.SelectMany(IdsIn));
    }

    private static IEnumerable<ITheoryDataRow> Rows(Type type, string member)
    {
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.FlattenHierarchy;
        var value = type.GetProperty(member, Static)?.GetValue(null)
            ?? type.GetField(member, Static)?.GetValue(null)
            ?? (type.GetMethod(member, Static) is { } method && method.GetParameters().Length == 0 ? method.Invoke(null, null) : null);
        return value as IEnumerable<ITheoryDataRow> ?? [];
    }

    // V3_H_5_2_01_and_02_…, V3_M_4_1_3_02_and_V3_M_4_1_8_01_…: where the id ends, only the catalogue knows.
    private static IEnumerable<string> IdsInName(string name)
    {
        foreach (var begin in Named().Matches(name).Select(each => each.Index))
        {
            var rest = name[begin..];
            var known = ByName
                .Keys.Where(each => rest == each || rest.StartsWith(each + "_", StringComparison.Ordinal))
                .MaxBy(each => each.Length);
            if (known is null)
            {
                yield return rest;
                continue;
            }

            var id = ByName[known];
            yield return id;
            foreach (var number in More().Match(rest[known.Length..]).Groups[1].Captures.Select(each => each.Value))
                yield return id[..^2] + number;
        }
    }

    private static string InNames(string id) => id.Replace('-', '_').Replace('.', '_');

    private void Add(string test, IReadOnlyCollection<string> ids)
    {
        foreach (var id in ids)
        {
            if (!tests.TryGetValue(id, out var names))
                tests[id] = names = new SortedSet<string>(StringComparer.Ordinal);
            names.Add(test);
        }
    }

    [GeneratedRegex(@"(?:V3|L2)-[A-Z]-[0-9A-Za-z.]+-\d\d")]
    private static partial Regex Written();

    [GeneratedRegex("V3_[A-Z]_")]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?:_and_(\d\d)(?=_|$))*")]
    private static partial Regex More();
}
