using Xunit.Sdk;
using Xunit.v3;

namespace MulticastLab.Conformance.Suite;

/// <summary>Plays the cases of a suite in the order of the catalogue, in which <see cref="ReadAhead"/> begins the next ones.</summary>
public sealed class CatalogOrder : ITestCaseOrderer
{
    private static readonly Dictionary<string, int> Places =
        TestCatalog.All.Index().ToDictionary(each => each.Item.Name, each => each.Index);

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(Place)];

    // The name that is shown is the test's own and its arguments.
    private static int Place<TTestCase>(TTestCase testCase)
        where TTestCase : notnull, ITestCase =>
        Places.GetValueOrDefault(testCase.TestCaseDisplayName.Split('(')[0], int.MaxValue);
}
