using MulticastLab.Lab.Scenarios;
using Xunit.Sdk;
using Xunit.v3;

namespace MulticastLab.Conformance.Suite;

/// <summary>Plays the cases of a class in the order of their catalogue, in which <see cref="ReadAhead{T}"/> begins the next ones.</summary>
public sealed class CatalogOrder : ITestCaseOrderer
{
    private static readonly Dictionary<string, int> Places =
        TestCatalog.All.Select(each => each.Name)
            .Concat(ScenarioCatalog.BuiltIn.All.Select(each => each.Name))
            .Index()
            .ToDictionary(each => each.Item, each => each.Index);

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, ITestCase =>
        [.. testCases.OrderBy(Place)];

    // The name that is shown is that of the test or scenario and its arguments.
    private static int Place<TTestCase>(TTestCase testCase)
        where TTestCase : notnull, ITestCase =>
        Places.GetValueOrDefault(testCase.TestCaseDisplayName.Split('(')[0], int.MaxValue);
}
