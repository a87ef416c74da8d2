using System.Text.Json.Serialization;

namespace MulticastLab.Router.Daemon;

/// <summary>The answer of <c>set</c>, <c>interface</c> and <c>reload</c>.</summary>
/// <param name="Changes">What has changed.</param>
internal sealed record ChangesAnswer(IEnumerable<ChangeAnswer> Changes)
{
    /// <summary>These changes.</summary>
    public static ChangesAnswer Of(ConfigurationChanges changes) => new(changes.All.Select(each =>
        new ChangeAnswer(each.Interface, each.Setting, each.From, each.To, each.AtOnce ? null : false)));
}

/// <summary>A <see cref="ConfigurationChange"/>; what is null is left out.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Setting">The setting.</param>
/// <param name="From">The old value.</param>
/// <param name="To">The new value.</param>
/// <param name="AtOnce">False when it counts with the next start.</param>
internal sealed record ChangeAnswer(string? Interface, string? Setting, string? From, string? To, bool? AtOnce)
{
    /// <summary>The change.</summary>
    public ConfigurationChange ToChange() => new(Interface, Setting, From, To, AtOnce ?? true);
}

/// <summary>The answer of <c>clear</c>.</summary>
/// <param name="Cleared">How many groups are gone.</param>
internal sealed record ClearedAnswer(int Cleared);

/// <summary>How these answers are written and read.</summary>
[JsonSerializable(typeof(ChangesAnswer))]
[JsonSerializable(typeof(ClearedAnswer))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ConfigurationContext : JsonSerializerContext;
