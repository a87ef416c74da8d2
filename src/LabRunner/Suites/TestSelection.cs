using MulticastLab.Conformance;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Suites;

/// <summary>Which tests of a device's role are meant.</summary>
/// <param name="Only">Names of tests, or ids of requirements, or what they begin with; empty for all.</param>
/// <param name="Section">A section of an RFC with those below it; null for all.</param>
/// <param name="Level"><c>must</c>, <c>should</c> or <c>all</c>.</param>
/// <param name="Shard">The part K of N that is played; null for the whole.</param>
internal sealed record TestSelection(IReadOnlyList<string> Only, string? Section, string Level, (int Part, int Of)? Shard)
{
    /// <summary>The levels that can be asked for.</summary>
    internal static readonly string[] LevelNames = ["must", "should", "all"];

    /// <summary>The tests.</summary>
    /// <exception cref="CommandException">There are none.</exception>
    internal IReadOnlyList<ConformanceTest> Among(DeviceRole role)
    {
        var all = TestCatalog.For(role);
        foreach (var wanted in Only)
        {
            if (!all.Any(each => Means(wanted, each)))
                throw new CommandException(ExitCode.Usage, $"no test of a {role.ToString().ToLowerInvariant()} is called '{wanted}', shows "
                    + $"it, or begins so", Suggestion(wanted, all));
        }

        var selected = all.Where(test =>
                (Only.Count == 0 || Only.Any(each => Means(each, test))) && IsInSection(test) && IsOfLevel(test))
            .Where((_, i) => Shard is not { } shard || i % shard.Of == shard.Part - 1)
            .ToList();
        return selected.Count > 0
            ? selected
            : throw new CommandException(ExitCode.Usage, "no test is of that section and level", $"{Invocation.Name} conformance list");
    }

    private static bool Means(string wanted, ConformanceTest test) =>
        test.Name.StartsWith(wanted, StringComparison.Ordinal)
        || test.Requirements.Any(each => each.Id.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) || each.Slug == wanted);

    private static string? Suggestion(string wanted, IReadOnlyList<ConformanceTest> all) =>
        Spelling.Nearest(
            wanted, [.. all.Select(each => each.Name), .. all.SelectMany(each => each.Requirements).Select(each => each.Id)]) is { } near
            ? $"did you mean '{near}'?"
            : null;

    private bool IsInSection(ConformanceTest test) =>
        Section is not { } section
        || test.Requirements.Any(each => each.Section == section || each.Section.StartsWith(section + ".", StringComparison.Ordinal));

    private bool IsOfLevel(ConformanceTest test) => Level switch
    {
        "must" => test.Level is "must" or "implied",
        "should" => test.Level is "must" or "implied" or "should",
        _ => true,
    };
}
