using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.LabRunner.Running;

/// <summary>What a run says about one requirement.</summary>
/// <param name="Requirement">The requirement.</param>
/// <param name="Verdict">Its outcome; null when the run ended before anything was expected about it.</param>
internal sealed record RequirementVerdict(Requirement Requirement, Verdict? Verdict)
{
    /// <summary>The verdict on every requirement that the scenario covers.</summary>
    public static IReadOnlyList<RequirementVerdict> Of(ScenarioResult result) =>
    [
        .. result.Scenario.Requirements.Select(requirement =>
        {
            var about = result.Expectations.Where(each => each.Judged && each.Requirements.Contains(requirement.Id)).ToList();
            return new RequirementVerdict(requirement, about switch
            {
                [] => (Verdict?)null,
                _ when about.All(each => each.Problems.Count == 0) => Lab.Scenarios.Verdict.Pass,
                _ => result.IsInconclusive ? Lab.Scenarios.Verdict.Inconclusive : Lab.Scenarios.Verdict.Fail,
            });
        }),
    ];
}
