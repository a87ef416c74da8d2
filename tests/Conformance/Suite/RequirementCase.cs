using MulticastLab.Lab.Requirements;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// A case of a theory by the name of what it plays, with traits to select it by: <c>--filter-trait rfc=9776-6.6.2</c>,
/// <c>requirement=V3-R-8.10-01</c>.
/// </summary>
internal static class RequirementCase
{
    internal static TheoryDataRow<string> Of(string name, IReadOnlyList<Requirement> requirements)
    {
        var row = new TheoryDataRow<string>(name);
        row.Traits.Add("requirement", [.. requirements.Select(each => each.Id)]);
        row.Traits.Add("rfc", [.. requirements.SelectMany(each => Sections(each.Rfc, each.Section)).Distinct()]);
        return row;
    }

    // 9776-6.6.2 is selected by 9776-6.6 as well.
    private static IEnumerable<string> Sections(int rfc, string section)
    {
        var parts = section.Split('.');
        return Enumerable.Range(1, parts.Length)
            .Select(count => FormattableString.Invariant($"{rfc}-{string.Join('.', parts.Take(count))}"));
    }
}
