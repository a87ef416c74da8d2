using DiffPlex.Renderer;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>The difference of two texts, line by line, as <c>diff -u</c> shows it: <c>-</c> was verified, <c>+</c> was received.</summary>
internal static class TextDiff
{
    private const int Context = 3;

    /// <summary>The differing lines with those around them; empty when the texts are equal.</summary>
    public static string Of(string verified, string received)
    {
        if (verified == received)
            return "";
        var difference = UnidiffRenderer.GenerateUnidiff(
            verified, received, "verified", "received", ignoreWhitespace: false, ignoreCase: false, Context);
        return difference.Length > 0 ? difference : "The line ends differ.\n";
    }
}
