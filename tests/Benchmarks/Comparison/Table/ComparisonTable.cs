using System.Text;

namespace MulticastLab.Benchmarks.Comparison.Table;

/// <summary>What was measured, a column per peer, and the ratio of the first to the second.</summary>
/// <param name="columns">The peers' names.</param>
/// <param name="isJudged">Whether the aims are those of the first peer.</param>
/// <param name="isHeldAgainst">Whether the second peer is the one that they speak of.</param>
internal sealed class ComparisonTable(IReadOnlyList<string> columns, bool isJudged, bool isHeldAgainst)
{
    private readonly List<Line> lines = [];
    private readonly Dictionary<(Line Line, int Column), Cell> cells = [];

    /// <summary>The cell of a line and a column; the line comes last when it is new.</summary>
    public Cell this[Line line, int column]
    {
        get
        {
            if (!lines.Contains(line))
                lines.Add(line);
            if (!cells.TryGetValue((line, column), out var cell))
                cells.Add((line, column), cell = new Cell());
            return cell;
        }
    }

    /// <summary>Markdown.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var hasOther = columns.Count > 1;
        text.Append("| what | unit |")
            .AppendJoin("", columns.Select(each => $" {each} |"))
            .Append(hasOther ? $" {columns[0]}/{columns[1]} |" : "")
            .Append(" aim | met |\n");
        text.Append("|---|---|").AppendJoin("", columns.Select(_ => "--:|")).Append(hasOther ? "--:|" : "").Append("---|---|\n");
        foreach (var line in lines)
        {
            var first = cells.GetValueOrDefault((line, 0));
            var second = hasOther ? cells.GetValueOrDefault((line, 1)) : null;
            text.Append($"| {line.What} | {line.Unit} |");
            for (var i = 0; i < columns.Count; i++)
                text.Append($" {cells.GetValueOrDefault((line, i))?.ToString() ?? "–"} |");
            if (hasOther)
                text.Append(
                    first is { Count: > 0 } && second is { Count: > 0 } && second.Median != 0
                        ? $" {Cell.Figure(first.Median / second.Median)} |"
                        : " – |");
            var met = isJudged && first is { Count: > 0 } ? line.Aim.Met(first, isHeldAgainst ? second : null) : null;
            text.Append($" {line.Aim.Text} | {met switch { true => "yes", false => "**no**", null => "–" }} |\n");
        }

        return text.ToString();
    }
}
