namespace MulticastLab.Packets.Text;

/// <summary>A file cannot be used: everything that is wrong with it, not only the first thing. The message has a line for each.</summary>
/// <param name="problems">What is wrong, in the order of the file; at least one.</param>
public sealed class InvalidFileException(IReadOnlyList<FileProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>What is wrong, in the order of the file.</summary>
    public IReadOnlyList<FileProblem> Problems => problems;
}
