using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A word of a startup file and where it stands.</summary>
/// <param name="Text">The word, without quotes.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="IsQuoted">Whether some of it stands in quotes: then it is no operator of the shell.</param>
internal readonly record struct StartupWord(string Text, string File, int Line, int Column, bool IsQuoted = false)
{
    /// <summary>Whether it is this operator of the shell.</summary>
    public bool Is(string shellOperator) => !IsQuoted && Text == shellOperator;

    /// <summary>The program refuses it.</summary>
    public InvalidFileException Refused(string why) => new([new FileProblem(File, Line, Column, why)]);

    /// <summary>This engine has no such thing.</summary>
    public InvalidFileException Unknown(string what, string? suggestion = null) =>
        new([new FileProblem(File, Line, Column, $"the simulated engine does not know {what}", suggestion)]);
}

/// <summary>One simple command; with <see cref="Otherwise"/>, that one is run when this one fails.</summary>
internal sealed record StartupCommand(IReadOnlyList<StartupWord> Words, StartupCommand? Otherwise);
