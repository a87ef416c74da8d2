using System.Globalization;

namespace MulticastLab.Packets.Text;

/// <summary>One thing that is wrong with a file, and where.</summary>
/// <param name="File">The path of the file, or of the folder when a file is missing.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What was probably meant, or what to write instead; null when nothing comes near.</param>
public sealed record FileProblem(string File, int Line, int Column, string Message, string? Suggestion = null)
{
    /// <summary><c>file:line:column: message; did you mean …?</c> in one line, whatever the file holds.</summary>
    public override string ToString() => VisibleText.Line(string.Create(
        CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}{(Suggestion is null ? "" : $"; did you mean {Suggestion}?")}"));
}
