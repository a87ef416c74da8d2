using MulticastLab.Conformance.Suite;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Conformance.Scenarios;

/// <summary>The scenarios of the catalogue as cases; <c>--filter-trait scenario=leave-with-gsq</c> selects one.</summary>
internal static class ScenarioCases
{
    /// <summary>All of them.</summary>
    public static TheoryData<string> All => Of(ScenarioCatalog.BuiltIn.All, inOrder: false);

    /// <summary>Those that these hosts can play, for <see cref="CatalogOrder"/>.</summary>
    public static TheoryData<string> PlayedBy(IEnumerable<ScenarioInfo> scenarios) => Of(scenarios, inOrder: true);

    // Cases are put in order by the name that is shown: a class that plays in order has one theory.
    private static TheoryData<string> Of(IEnumerable<ScenarioInfo> scenarios, bool inOrder)
    {
        var cases = new TheoryData<string>();
        foreach (var scenario in scenarios)
        {
            var row = RequirementCase.Of(scenario.Name, scenario.Requirements);
            row.Traits.Add("scenario", [scenario.Name]);
            if (inOrder)
                row.TestDisplayName = scenario.Name;
            cases.Add(row);
        }

        return cases;
    }
}
