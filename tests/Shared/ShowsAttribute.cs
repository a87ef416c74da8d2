using Xunit.v3;

namespace MulticastLab.Tests.Shared;

/// <summary>
/// The requirements that a test shows, with their stimulus and what they expect: docs/requirements.md is made of it, as far as tests/Unit
/// has them.
/// </summary>
/// <param name="requirements">Ids of the catalogue.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShowsAttribute(params string[] requirements) : Attribute, ITraitAttribute
{
    /// <summary>The ids.</summary>
    public IReadOnlyList<string> Requirements { get; } = requirements;

    /// <summary>So that <c>--filter-trait Requirement=V3-…</c> finds the test.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. Requirements.Select(each => KeyValuePair.Create("Requirement", each))];
}
