using System.CommandLine;
using MulticastLab.Conformance;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance list</c>: the tests.</summary>
internal static class ConformanceListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Common.Json();
        return new Command("list", "List the tests") { json }.Does(terminal, (parsed, _) =>
        {
            if (parsed.GetValue(json))
                terminal.WriteJson(TestCatalog.All.Select(Listed), DocumentContext.Default.IEnumerableListedTest);
            else
                Print(terminal);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static ListedTest Listed(ConformanceTest test) => new(
        test.Name, test.Role.ToString().ToLowerInvariant(), test.Level, test.Sections, test.Requirements.Select(each => each.Id),
        test.Purpose);

    private static void Print(Terminal terminal)
    {
        var table = new Listing("Test", "Of", "Level", "Requirements", "What it shows");
        foreach (var test in TestCatalog.All)
        {
            table.Add(
                test.Name, test.Role.ToString().ToLowerInvariant(), test.Level,
                string.Join(", ", test.Requirements.Select(each => each.Id)),
                OutsideText.Markup(test.Purpose));
        }

        table.WriteTo(terminal);
    }
}
