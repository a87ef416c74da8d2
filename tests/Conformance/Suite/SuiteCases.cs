using MulticastLab.Lab.Devices;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>The conformance tests as cases; <c>--filter-trait level=must</c> selects by level too.</summary>
internal static class SuiteCases
{
    public static TheoryData<string> Of(DeviceRole role)
    {
        var cases = new TheoryData<string>();
        foreach (var test in TestCatalog.For(role))
        {
            var row = RequirementCase.Of(test.Name, test.Requirements);
            row.TestDisplayName = test.Name;
            row.Traits.Add("level", [test.Level]);
            cases.Add(row);
        }

        return cases;
    }
}
