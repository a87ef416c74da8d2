using System.Reflection;
using MulticastLab.Lab.Requirements;

namespace MulticastLab.Lab.Scenarios;

/// <summary>All scenarios of this assembly, by name.</summary>
public static class ScenarioCatalog
{
    private static readonly Lazy<List<ScenarioInfo>> Found = new(() => From(typeof(ScenarioCatalog).Assembly));

    /// <summary>The scenarios, by name.</summary>
    public static IReadOnlyList<ScenarioInfo> All => Found.Value;

    /// <summary>The scenario of this name; null when there is none.</summary>
    public static ScenarioInfo? Find(string name) => Found.Value.Find(each => each.Name == name);

    /// <summary>What a scenario class says of itself.</summary>
    /// <exception cref="ArgumentException">The class lacks <see cref="ScenarioAttribute"/>, or names a requirement that does not exist.</exception>
    public static ScenarioInfo Describe(Type scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var name = scenario.GetCustomAttribute<ScenarioAttribute>()
            ?? throw new ArgumentException($"{scenario.Name} has no [Scenario] attribute.", nameof(scenario));
        var covers = scenario.GetCustomAttribute<CoversAttribute>()?.Requirements ?? [];
        return new ScenarioInfo(name.Name, name.Description, [.. covers.Select(RequirementCatalog.Get)], scenario);
    }

    private static List<ScenarioInfo> From(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Scenario)) && !type.IsAbstract).Select(Describe).OrderBy(each => each.Name, StringComparer.Ordinal)];
}
