using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using MulticastLab.Lab.Requirements;

namespace MulticastLab.Lab.Scenarios;

/// <summary>
/// The scenarios of some assemblies: every class there that is a <see cref="Scenario"/> and has a <see cref="ScenarioAttribute"/>.
/// </summary>
public sealed class ScenarioCatalog
{
    private const string Trimmed = "A trimmed or native program has not kept the classes that nobody but the catalogue would have used.";

    private readonly Lazy<List<ScenarioInfo>> found;

    /// <summary>The scenarios of these assemblies; they are looked for when the first is asked for.</summary>
    /// <exception cref="ArgumentException">Two have the same name (thrown when the first is asked for).</exception>
    [RequiresUnreferencedCode(Trimmed)]
    public ScenarioCatalog(params IReadOnlyList<Assembly> assemblies) =>
        found = new(() => Among(assemblies.Distinct().SelectMany(each => each.GetTypes())));

    /// <summary>The scenarios of this library, in native programs too.</summary>
    public static ScenarioCatalog BuiltIn { get; } = OfThisLibrary();

    /// <summary>The scenarios, by name.</summary>
    public IReadOnlyList<ScenarioInfo> All => found.Value;

    /// <summary>The scenario of this name; null when there is none.</summary>
    public ScenarioInfo? Find(string name) => found.Value.Find(each => each.Name == name);

    /// <summary>What a scenario class says of itself.</summary>
    /// <exception cref="ArgumentException">The class lacks <see cref="ScenarioAttribute"/>, or names a requirement that does not
    /// exist.</exception>
    public static ScenarioInfo Describe(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var name = scenario.GetCustomAttribute<ScenarioAttribute>()
            ?? throw new ArgumentException($"{scenario.Name} has no [Scenario] attribute.", nameof(scenario));
        var covers = scenario.GetCustomAttribute<CoversAttribute>()?.Requirements ?? [];
        return new ScenarioInfo(name.Name, name.Theme, name.Description, [.. covers.Select(RequirementCatalog.Get)], scenario);
    }

    /// <summary>The scenarios among these classes; one without the attribute is of a family, whose members somebody else makes.</summary>
    [RequiresUnreferencedCode(Trimmed)]
    internal static List<ScenarioInfo> Among(IEnumerable<Type> types)
    {
        var scenarios = types
            .Where(type =>
                type.IsSubclassOf(typeof(Scenario)) && !type.IsAbstract && type.IsDefined(typeof(ScenarioAttribute), inherit: false))
            .Select(Describe)
            .OrderBy(each => each.Name, StringComparer.Ordinal)
            .ToList();
        var twins = scenarios.GroupBy(each => each.Name).FirstOrDefault(each => each.Count() > 1);
        return twins is null
            ? scenarios
            : throw new ArgumentException(
                $"Several scenarios are called {twins.Key}: {string.Join(", ", twins.Select(each => each.Type.FullName))}.");
    }

    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "ILLink.Descriptors.xml, a resource of this library, keeps the namespace Catalog whole.")]
    private static ScenarioCatalog OfThisLibrary() => new(typeof(ScenarioCatalog).Assembly);
}
