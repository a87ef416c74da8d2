namespace MulticastLab.Packets.Text;

/// <summary>Collects everything that is wrong with a file while it is read, so that all of it is reported at once.</summary>
/// <param name="file">The file's name as it was given.</param>
public sealed class FileProblems(string file)
{
    private readonly HashSet<FileProblem> found = [];
    private readonly HashSet<FileProblem> warnings = [];

    /// <summary>How many there are.</summary>
    public int Count => found.Count;

    /// <summary>Notes a problem; the same one at the same place is noted once.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="suggestion">What was probably meant; null when nothing comes near.</param>
    public void Add(int line, int column, string message, string? suggestion = null) =>
        found.Add(new FileProblem(file, line, column, message, suggestion));

    /// <summary>Notes a warning: something odd, but no reason to refuse the file.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="message">What is odd.</param>
    /// <param name="suggestion">What was probably meant; null when nothing comes near.</param>
    public void Warn(int line, int column, string message, string? suggestion = null) =>
        warnings.Add(new FileProblem(file, line, column, message, suggestion));

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<FileProblem> InOrder() => Sorted(found);

    /// <summary>The warnings, in the order of the file.</summary>
    public IReadOnlyList<FileProblem> Warnings() => Sorted(warnings);

    /// <summary>Refuses the file if anything is wrong with it.</summary>
    /// <exception cref="InvalidFileException">Something is.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
            throw new InvalidFileException(InOrder());
    }

    private static FileProblem[] Sorted(IEnumerable<FileProblem> problems) =>
        [.. problems.OrderBy(each => each.Line).ThenBy(each => each.Column)];
}
