namespace MulticastLab.Packets.Text;

/// <summary>Where something stands in a file.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
public readonly record struct FilePlace(string File, int Line, int Column)
{
    /// <summary>What is wrong there.</summary>
    public FileProblem Problem(string message) => new(File, Line, Column, message);
}
