using System.Text.Json;
using System.Text.Json.Serialization;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// One record received in one state, and what the tables of RFC 9776 §6.4 make of it: <c>state-table.json</c>. Sources are named S1, S2 ….
/// </summary>
/// <param name="Requirement">The requirement.</param>
/// <param name="Name">The requirement's mnemonic alias.</param>
/// <param name="Purpose">What the entry is about, in one sentence.</param>
/// <param name="Initial">The state before.</param>
/// <param name="Record">The record's type, as the RFC abbreviates it: IS_IN, IS_EX, TO_IN, TO_EX, ALLOW, BLOCK.</param>
/// <param name="Sources">The record's sources.</param>
/// <param name="Final">The state after.</param>
/// <param name="SourceTimers">What each source timer is set to: GMI, LMQT, 0, unchanged, or min(GT_before, LMQT).</param>
/// <param name="GroupTimer">What the group timer is set to, or n/a.</param>
/// <param name="Queries">The queries that are sent, by their sources; one without sources is Query(G).</param>
internal sealed record StateTableVector(
    string Requirement, string Name, string Purpose, VectorShape Initial, string Record, IReadOnlyList<string> Sources, VectorShape Final,
    IReadOnlyDictionary<string, string> SourceTimers, string GroupTimer, IReadOnlyList<IReadOnlyList<string>> Queries)
{
    private static readonly Lazy<IReadOnlyList<StateTableVector>> Loaded = new(Load);

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<StateTableVector> All => Loaded.Value;

    private static List<StateTableVector> Load()
    {
        using var stream = typeof(StateTableVector).Assembly.GetManifestResourceStream("state-table.json")
            ?? throw new InvalidOperationException("state-table.json is not in the assembly.");
        return JsonSerializer.Deserialize(stream, VectorContext.Default.ListStateTableVector) ?? [];
    }
}

/// <summary>A state: <c>none</c>, <c>include</c> or <c>exclude</c>, the sources whose timers run, and those that are blocked.</summary>
internal sealed record VectorShape(string Mode, IReadOnlyList<string> Forwarded, IReadOnlyList<string> Blocked);

[JsonSerializable(typeof(List<StateTableVector>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
internal sealed partial class VectorContext : JsonSerializerContext;
