using MulticastLab.Lab.Devices;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// The conformance tests as cases, each with traits to select it by: <c>--filter-trait rfc=9776-6.6.2</c>, <c>requirement=V3-R-8.10-01</c>,
/// <c>level=must</c>.
/// </summary>
internal static class SuiteCases
{
    public static TheoryData<string> Of(DeviceRole role)
    {
        var cases = new TheoryData<string>();
        foreach (var test in TestCatalog.For(role))
        {
            var row = new TheoryDataRow<string>(test.Name) { TestDisplayName = test.Name };
            row.Traits.Add("level", [test.Level]);
            row.Traits.Add("requirement", [.. test.Requirements.Select(each => each.Id)]);
            row.Traits.Add("rfc", [.. test.Requirements.SelectMany(each => Sections(each.Rfc, each.Section)).Distinct()]);
            cases.Add(row);
        }

        return cases;
    }

    // 9776-6.6.2 is selected by 9776-6.6 as well.
    private static IEnumerable<string> Sections(int rfc, string section)
    {
        var parts = section.Split('.');
        return Enumerable.Range(1, parts.Length)
            .Select(count => FormattableString.Invariant($"{rfc}-{string.Join('.', parts.Take(count))}"));
    }
}
