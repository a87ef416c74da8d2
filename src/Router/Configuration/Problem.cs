namespace MulticastLab.Router.Configuration;

/// <summary>What is wrong at one place of a file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Text">What is wrong, for a person.</param>
internal readonly record struct Problem(int Line, int Column, string Text);

/// <summary>Collects what is wrong with a file, so that all of it is told at once.</summary>
internal sealed class Problems
{
    private readonly HashSet<Problem> found = [];

    /// <summary>How many there are.</summary>
    public int Count => found.Count;

    /// <summary>Notes a problem; the same one at the same place counts once.</summary>
    public void Add(YamlNode node, string text) => Add(new Problem(node.Line, node.Column, text));

    /// <summary>Notes a problem; the same one at the same place counts once.</summary>
    public void Add(Problem problem) => found.Add(problem);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<Problem> InOrder() => [.. found.OrderBy(each => each.Line).ThenBy(each => each.Column)];
}

/// <summary>A configuration that cannot be used.</summary>
/// <param name="name">The file's name as it was given.</param>
/// <param name="problems">All that is wrong with it.</param>
internal sealed class ConfigurationException(string name, IReadOnlyList<Problem> problems)
    : Exception(string.Join('\n', problems.Select(each => $"{name}:{each.Line}:{each.Column}: {each.Text}")))
{
    /// <summary>All that is wrong, in the order of the file.</summary>
    public IReadOnlyList<Problem> Problems => problems;
}
