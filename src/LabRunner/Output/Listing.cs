using MulticastLab.Packets.Text;
using Spectre.Console;

namespace MulticastLab.LabRunner.Output;

/// <summary>A table: drawn on a terminal, aligned columns of plain text elsewhere. Cells are Spectre markup.</summary>
internal sealed class Listing(params string[] headings)
{
    private readonly List<string[]> rows = [];

    /// <summary>Adds a row with a cell for each heading.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    /// <summary>Writes the table.</summary>
    public void WriteTo(Terminal terminal)
    {
        if (terminal.Rich is { } rich)
            rich.Write(ToTable());
        else
            WritePlain(terminal.Out);
    }

    /// <summary>How many rows there are.</summary>
    public int Count => rows.Count;

    /// <summary>The table as a Spectre renderable, cut after so many rows.</summary>
    public Table ToTable(int atMost = int.MaxValue)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        foreach (var heading in headings)
            table.AddColumn(new TableColumn($"[bold]{heading}[/]"));
        foreach (var row in rows.Take(atMost))
            table.AddRow(row);
        if (rows.Count > atMost)
            table.AddRow([$"[grey]… {rows.Count - atMost} more[/]", .. headings.Skip(1).Select(_ => "")]);
        return table;
    }

    private void WritePlain(TextWriter output)
    {
        var lines = rows.Select(row => row.Select(cell => VisibleText.Line(Markup.Remove(cell))).ToArray()).Prepend(headings).ToList();
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
