using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Daemon;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance explain ID</c>: a requirement or a test, and what belongs to it.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "The id or alias of a requirement, or the name of a test" };
        return new Command("explain", "Explain a requirement or a test") { id }.Does(terminal, (parsed, _) =>
        {
            var asked = parsed.GetRequiredValue(id);
            if (TestCatalog.Find(asked) is { } test)
                Explain(terminal, test);
            else if (Requirement(asked) is { } requirement)
                Explain(terminal, requirement);
            else
                throw new CommandException(ExitCode.Usage, $"there is neither a requirement nor a test '{asked}'", Suggestion(asked));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Explain(Terminal terminal, ConformanceTest test)
    {
        terminal.Write($"[bold]{OutsideText.Markup(test.Name)}[/]  a test of a {test.Role.ToString().ToLowerInvariant()}, {test.Level}");
        terminal.WriteIndented(2, OutsideText.Markup(test.Purpose));
        foreach (var requirement in test.Requirements)
            terminal.WriteIndented(2, OutsideText.Markup(requirement.ToString()));
    }

    private static void Explain(Terminal terminal, Requirement requirement)
    {
        terminal.Write($"[bold]{requirement.Id}[/]  {requirement.Slug}  RFC {requirement.Rfc} §{requirement.Section}, {requirement.Level}");
        terminal.WriteIndented(2, OutsideText.Markup(requirement.Text));
        List("tests", TestCatalog.All.Where(each => each.Requirements.Contains(requirement))
            .Select(each => $"{each.Name}: {each.Purpose}"));
        List("scenarios", ScenarioCatalog.BuiltIn.All.Where(each => each.Requirements.Contains(requirement))
            .Select(each => $"{each.Name}: {each.Description}"));

        void List(string what, IEnumerable<string> lines)
        {
            var all = lines.ToList();
            if (all.Count == 0)
                return;
            terminal.Write($"  [grey]{what}[/]");
            foreach (var line in all)
                terminal.WriteIndented(4, OutsideText.Markup(line));
        }
    }

    private static Requirement? Requirement(string asked) => RequirementCatalog.All.FirstOrDefault(each =>
        string.Equals(each.Id, asked, StringComparison.OrdinalIgnoreCase) || each.Slug == asked);

    private static string? Suggestion(string asked) =>
        Spelling.Nearest(
            asked, [.. RequirementCatalog.All.Select(each => each.Id), .. TestCatalog.All.Select(each => each.Name)]) is { } near
            ? $"did you mean '{near}'?"
            : null;
}
