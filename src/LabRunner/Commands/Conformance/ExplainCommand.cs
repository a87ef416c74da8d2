using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Judging;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance explain ID</c>: a requirement, a test or a rule of <c>judge</c>, and what belongs to it.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "The id or alias of a requirement, or the name of a test or rule" };
        return new Command("explain", "Explain a requirement, a test or a rule of judge") { id }.Does(terminal, (parsed, _) =>
        {
            var asked = parsed.GetRequiredValue(id);
            if (TestCatalog.Find(asked) is { } test)
                Explain(terminal, test);
            else if (JudgedRule.All.FirstOrDefault(each => each.Name == asked) is { } rule)
                Explain(terminal, rule);
            else if (Requirement(asked) is { } requirement)
                Explain(terminal, requirement);
            else
                throw new CommandException(ExitCode.Usage, $"there is no requirement, test or rule '{asked}'", Suggestion(asked));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Explain(Terminal terminal, ConformanceTest test)
    {
        terminal.Write($"[bold]{OutsideText.Markup(test.Name)}[/]  a test of a {test.Role.ToString().ToLowerInvariant()}, {test.Level}");
        terminal.WriteIndented(2, OutsideText.Markup(test.Purpose));
        List(terminal, "requirements", test.Requirements.Select(each => each.ToString()));
        List(terminal, "devices", Devices([test]));
    }

    private static void Explain(Terminal terminal, JudgedRule rule)
    {
        terminal.Write($"[bold]{rule.Name}[/]  a rule of judge, of a {rule.RolesInWords}, {rule.Level}");
        terminal.WriteIndented(2, OutsideText.Markup(rule.Purpose));
        List(terminal, "requirements", rule.Requirements.Select(each => each.ToString()));
    }

    private static void Explain(Terminal terminal, Requirement requirement)
    {
        var tests = TestCatalog.All.Where(each => each.Requirements.Contains(requirement)).ToList();
        terminal.Write($"[bold]{requirement.Id}[/]  {requirement.Slug}  RFC {requirement.Rfc} §{requirement.Section}, {requirement.Level}");
        terminal.WriteIndented(2, OutsideText.Markup(requirement.Text));
        List(terminal, "tests", tests.Select(each => $"{each.Name}: {each.Purpose}"));
        List(
            terminal, "rules of judge",
            JudgedRule.All.Where(each => each.Requirements.Contains(requirement)).Select(each => $"{each.Name}: {each.Purpose}"));
        List(
            terminal, "scenarios",
            ScenarioCatalog.BuiltIn.All.Where(each => each.Requirements.Contains(requirement))
                .Select(each => $"{each.Name}: {each.Description}"));
        List(terminal, "devices", Devices(tests));
    }

    // How those do whose failures were looked into: the others have not been tried as a whole.
    private static IEnumerable<string> Devices(IReadOnlyCollection<ConformanceTest> tests)
    {
        foreach (var device in DeviceFolders.Names().Select(Shipped).Where(each => each.Known.Count > 0))
        {
            var own = tests.Where(each => each.Role == device.Role).ToList();
            var fails = own.Where(each => device.Known.ContainsKey(each.Name)).ToLookup(each => device.Known[each.Name], each => each.Name);
            foreach (var why in fails)
                yield return $"{device.Name} fails {string.Join(", ", why)}: {why.Key}";
            if (own.Count > 0 && fails.Count == 0)
                yield return $"{device.Name}: no failure is known";
        }
    }

    private static Device Shipped(string name) => DeviceReader.Read(DeviceFolders.Find(name, ".").Folder!);

    private static void List(Terminal terminal, string what, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;
        terminal.Write($"  [grey]{what}[/]");
        foreach (var line in all)
            terminal.WriteIndented(4, OutsideText.Markup(line));
    }

    private static Requirement? Requirement(string asked) => RequirementCatalog.All.FirstOrDefault(each =>
        string.Equals(each.Id, asked, StringComparison.OrdinalIgnoreCase) || each.Slug == asked);

    private static string? Suggestion(string asked) =>
        Spelling.Nearest(
            asked,
            [
                .. RequirementCatalog.All.Select(each => each.Id), .. TestCatalog.All.Select(each => each.Name),
                .. JudgedRule.All.Select(each => each.Name),
            ]) is { } near
            ? $"did you mean '{near}'?"
            : null;
}
