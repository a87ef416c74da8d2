using System.Globalization;
using MulticastLab.LabRunner.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MulticastLab.LabRunner.Running;

/// <summary>The live display of <c>watch</c>: routers, groups, hosts, and the latest messages in the remaining space.</summary>
internal static class LiveView
{
    private const int LeastMessages = 4;
    private const int HeadLines = 2;
    // Borders and headings of a table.
    private const int TableFrame = 4;

    /// <summary>Draws it for a terminal of this height.</summary>
    public static IRenderable Draw(string lab, LabSnapshot now, IReadOnlyList<string> messages, int height)
    {
        var rows = new List<IRenderable>
        {
            new Markup($"[bold]{OutsideText.Markup(lab)}[/]  [grey]Ctrl-C ends watch; the lab stays up[/]"),
            NodeTables.Routers(now.Routers).ToTable(),
        };
        var used = HeadLines + TableFrame + now.Routers.Sum(router => router.State.Interfaces.Count);
        foreach (var table in new[] { NodeTables.Groups(now.Routers), NodeTables.Hosts(now.Hosts) })
        {
            if (table.Count == 0)
                continue;
            var room = Math.Max(1, height - used - TableFrame - LeastMessages);
            rows.Add(table.ToTable(room));
            used += TableFrame + Math.Min(table.Count, room + 1);
        }

        rows.Add(new Markup(string.Create(CultureInfo.InvariantCulture, $"[bold]Messages[/] [grey]({messages.Count} so far)[/]")));
        rows.AddRange(
            messages.TakeLast(Math.Max(LeastMessages, height - used - 1)).Select(line => new Markup(line) { Overflow = Overflow.Ellipsis })
        );
        return new Rows(rows);
    }
}
