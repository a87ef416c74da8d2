using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Judging;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance list</c>: the tests, or the rules of <c>judge</c>.</summary>
internal static class ConformanceListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Common.Json();
        var rules = new Option<bool>("--rules") { Description = "The rules by which judge reads a capture, instead of the tests" };
        return new Command("list", "List the tests") { rules, json }.Does(terminal, (parsed, _) =>
        {
            var listed = parsed.GetValue(rules) ? JudgedRule.All.Select(Listed) : TestCatalog.All.Select(Listed);
            if (parsed.GetValue(json))
                terminal.WriteJson(listed, DocumentContext.Default.IEnumerableListedTest);
            else
                Print(terminal, parsed.GetValue(rules) ? "Rule" : "Test", listed);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static ListedTest Listed(ConformanceTest test) => new(
        test.Name, test.Role.ToString().ToLowerInvariant(), test.Level, test.Sections, test.Requirements.Select(each => each.Id),
        test.Purpose);

    private static ListedTest Listed(JudgedRule rule) => new(
        rule.Name, rule.RolesInWords, rule.Level, rule.Sections,
        rule.Requirements.Select(each => each.Id), rule.Purpose);

    private static void Print(Terminal terminal, string what, IEnumerable<ListedTest> all)
    {
        var table = new Listing(what, "Of", "Level", "Requirements", "What it shows");
        foreach (var each in all)
            table.Add(each.Name, each.Role, each.Level, string.Join(", ", each.Requirements), OutsideText.Markup(each.Purpose));
        table.WriteTo(terminal);
    }
}
