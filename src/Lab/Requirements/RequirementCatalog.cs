using System.Text.Json;
using System.Text.Json.Serialization;

namespace MulticastLab.Lab.Requirements;

/// <summary>All requirements by id: the table that failures and documents quote from.</summary>
public static class RequirementCatalog
{
    private static readonly Lazy<Dictionary<string, Requirement>> ById = new(() => Load("igmpv3.json"));
    private static readonly Lazy<Dictionary<string, Requirement>> OfMld = new(() => Load("mldv2.json"));

    /// <summary>All requirements of IGMPv3, in the catalogue's order.</summary>
    public static IReadOnlyCollection<Requirement> All => ById.Value.Values;

    /// <summary>
    /// All requirements of MLDv2, in the catalogue's order; most are the <see cref="Requirement.Twin"/> of one of IGMPv3.
    /// </summary>
    public static IReadOnlyCollection<Requirement> Mld => OfMld.Value.Values;

    /// <summary>The requirement with this id.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Requirement Get(string id) =>
        ById.Value.GetValueOrDefault(id) ?? throw new ArgumentException($"There is no requirement '{id}' in igmpv3.json.", nameof(id));

    /// <summary>The requirement of either protocol with this id; null when there is none.</summary>
    public static Requirement? Find(string id) => ById.Value.GetValueOrDefault(id) ?? OfMld.Value.GetValueOrDefault(id);

    private static Dictionary<string, Requirement> Load(string name)
    {
        using var stream = typeof(RequirementCatalog).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var all = JsonSerializer.Deserialize(stream, RequirementContext.Default.ListRequirement) ?? [];
        return all.ToDictionary(each => each.Id);
    }
}

[JsonSerializable(typeof(List<Requirement>))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class RequirementContext : JsonSerializerContext;
