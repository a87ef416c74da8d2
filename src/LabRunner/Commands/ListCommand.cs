using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Daemon;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner list</c>: the scenarios, with the sections of the RFCs that they show.</summary>
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
        var table = new Listing("Scenario", "RFC sections", "Requirements", "What it shows");
        foreach (var name in names)
        {
            var scenario = ScenarioCatalog.BuiltIn.Find(name);
            table.Add(
                OutsideText.Markup(name),
                string.Join("; ", Sections(scenario).Select(each => $"{each.Rfc} §{string.Join(" §", each.Sections)}")),
                $"{scenario?.Requirements.Count ?? 0}", OutsideText.Markup(scenario?.Description ?? DescriptionOf(name)));
        }

        table.WriteTo(terminal);
    }

    private static ListedScenario Listed(string name)
    {
        var scenario = ScenarioCatalog.BuiltIn.Find(name);
        return new ListedScenario(
            name,
            scenario?.Description ?? DescriptionOf(name),
            // A topology without a scenario can be brought up, and not run.
            Runs: scenario is not null,
            ScenarioFolder.Names().Contains(name) ? ScenarioFolder.Locate(name) : null,
            Sections(scenario).SelectMany(each => each.Sections.Select(section => $"RFC {each.Rfc} §{section}")),
            (scenario?.Requirements ?? []).Select(each => each.Id));
    }

    private static IEnumerable<(int Rfc, IReadOnlyList<string> Sections)> Sections(ScenarioInfo? scenario) =>
        (scenario?.Requirements ?? [])
            .GroupBy(each => each.Rfc)
            .OrderByDescending(rfc => rfc.Count())
            .Select(rfc =>
                (rfc.Key, (IReadOnlyList<string>)
                    [.. rfc.Select(each => each.Section).Distinct().OrderBy(section => section, SectionOrder.Comparer)]));

    private static string DescriptionOf(string name)
    {
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
