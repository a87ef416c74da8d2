using System.Diagnostics.CodeAnalysis;
using MulticastLab.Lab.Requirements;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A scenario of the catalogue.</summary>
/// <param name="Name">Its name, and that of its topology's folder.</param>
/// <param name="Theme">What it is about.</param>
/// <param name="Description">What it shows, in one sentence.</param>
/// <param name="Requirements">The requirements that it shows.</param>
/// <param name="Type">The class.</param>
public sealed record ScenarioInfo(
    string Name,
    ScenarioTheme Theme,
    string Description,
    IReadOnlyList<Requirement> Requirements,
    [property: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    [param: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type Type)
{
    /// <summary>The sections of the RFCs that these come from: those of the RFC with the most requirements first.</summary>
    public IEnumerable<(int Rfc, string Section)> Sections =>
        Requirements
            .GroupBy(each => each.Rfc)
            .OrderByDescending(rfc => rfc.Count())
            .SelectMany(rfc =>
                rfc.Select(each => each.Section).Distinct().Order(SectionOrder.Comparer).Select(section => (rfc.Key, section)));

    /// <summary>A new instance, for one run.</summary>
    public Scenario Create() => (Scenario)Activator.CreateInstance(Type)!;
}
