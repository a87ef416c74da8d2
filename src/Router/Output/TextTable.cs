using System.Text;

namespace MulticastLab.Router.Output;

/// <summary>A table in plain columns, each as wide as its longest cell.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> rows = [];

    /// <summary>A table with these column heads.</summary>
    public TextTable(params string[] heads) => rows.Add(heads);

    /// <summary>Adds a row with as many cells as there are heads.</summary>
    public void Add(params string[] cells) => rows.Add(cells);

    /// <inheritdoc/>
    public override string ToString()
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])));
            text.Append(line.TrimEnd()).Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }
}
