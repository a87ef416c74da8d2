using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>Adds up the verdicts of tests.</summary>
internal static class ReportMaker
{
    /// <summary>The same report with its requirements and its summary made of its tests.</summary>
    internal static SuiteReport Summed(this SuiteReport report) => report with
    {
        Tests = [.. report.Tests.OrderBy(each => each.Test, StringComparer.Ordinal)],
        Requirements = [.. RequirementsOf(report.Tests)],
        Summary = Enum.GetValues<Verdict>().ToDictionary(each => each.Name(), each => report.Tests.Count(test => test.Verdict == each)),
    };

    private static IEnumerable<RequirementReport> RequirementsOf(IReadOnlyList<TestReport> tests)
    {
        var byId = tests.SelectMany(test => test.Requirements, (test, id) => (test, id)).ToLookup(each => each.id, each => each.test);
        foreach (var requirement in RequirementCatalog.All.Where(each => byId.Contains(each.Id)))
        {
            var shown = byId[requirement.Id].OrderBy(each => each.Test, StringComparer.Ordinal).ToList();
            yield return new RequirementReport(
                requirement.Id, Of([.. shown.Select(each => each.Verdict)]), [.. shown.Select(each => each.Test)]);
        }
    }

    // Whatever is missing keeps a requirement from being passed by what is not about it.
    private static Verdict Of(IReadOnlyCollection<Verdict> verdicts) =>
        new[] { Verdict.Fail, Verdict.Pass, Verdict.Inconclusive, Verdict.Observation }.FirstOrDefault(
            verdicts.Contains, Verdict.NotApplicable);
}
