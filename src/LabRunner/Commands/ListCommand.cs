using System.CommandLine;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner list</c>: the scenarios under their themes; in JSON with the sections of the RFCs too.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Common.Json();
        return new Command("list", "List the scenarios") { json }.Does(
            terminal,
            (parsed, _) =>
            {
                var names = ScenarioCatalog
                    .BuiltIn.All.Select(each => each.Name)
                    .Union(ScenarioFolder.Names())
                    .Order(StringComparer.Ordinal)
                    .ToList();
                if (parsed.GetValue(json))
                    terminal.WriteJson(names.Select(Listed), DocumentContext.Default.IEnumerableListedScenario);
                else
                    Print(terminal, names);
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static void Print(Terminal terminal, IReadOnlyList<string> names)
    {
        // A topology without a scenario has no theme: it comes last.
        var themes = names
            .GroupBy(name => ScenarioCatalog.BuiltIn.Find(name)?.Theme)
            .OrderBy(each => each.Key is null)
            .ThenBy(each => each.Key);
        var width = names.Max(name => name.Length);
        foreach (var theme in themes)
        {
            terminal.Write($"[bold]{theme.Key?.Title() ?? "Topologies without a scenario"}[/]");
            foreach (var name in theme)
                terminal.Write($"  {OutsideText.Markup(name.PadRight(width))}  {OutsideText.Markup(DescriptionOf(name))}");
        }
    }

    private static ListedScenario Listed(string name)
    {
        var scenario = ScenarioCatalog.BuiltIn.Find(name);
        return new ListedScenario(
            name,
            DescriptionOf(name),
            // A topology without a scenario can be brought up, and not run.
            Runs: scenario is not null,
            ScenarioFolder.Names().Contains(name) ? ScenarioFolder.Locate(name) : null,
            (scenario?.Sections ?? []).Select(each => $"RFC {each.Rfc} §{each.Section}"),
            (scenario?.Requirements ?? []).Select(each => each.Id),
            scenario is null ? null : JsonNamingPolicy.KebabCaseLower.ConvertName(scenario.Theme.ToString()));
    }

    private static string DescriptionOf(string name)
    {
        if (ScenarioCatalog.BuiltIn.Find(name) is { } scenario)
            return scenario.Description;
        try
        {
            return ScenarioFolder.Read(name).Meta.GetValueOrDefault("LAB_DESCRIPTION") ?? "";
        }
        catch (InvalidFileException invalid)
        {
            return invalid.Problems[0].ToString();
        }
    }
}
