using System.Globalization;
using System.Text;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>The difference of two texts, line by line, as <c>diff -u</c> shows it: <c>-</c> was verified, <c>+</c> was received.</summary>
internal static class TextDiff
{
    private const int Context = 3;

    /// <summary>The differing lines with those around them; empty when the texts are equal.</summary>
    public static string Of(string verified, string received)
    {
        var (left, right) = (verified.Split('\n'), received.Split('\n'));
        var script = Script(left, right);
        var shown = new bool[script.Count];
        for (var i = 0; i < script.Count; i++)
        {
            if (script[i].Mark == ' ')
                continue;
            for (var j = Math.Max(0, i - Context); j <= Math.Min(script.Count - 1, i + Context); j++)
                shown[j] = true;
        }

        var text = new StringBuilder();
        var line = 0;
        for (var i = 0; i < script.Count; i++)
        {
            line += script[i].Mark == '+' ? 0 : 1;
            if (!shown[i])
                continue;
            if (i == 0 || !shown[i - 1])
                text.Append(CultureInfo.InvariantCulture, $"@ line {Math.Max(line, 1)}\n");
            text.Append(script[i].Mark).Append(' ').Append(script[i].Line).Append('\n');
        }

        return text.ToString();
    }

    // By the longest common subsequence; the texts have some hundred lines.
    private static List<(char Mark, string Line)> Script(string[] left, string[] right)
    {
        var common = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var script = new List<(char, string)>();
        var (l, r) = (0, 0);
        while (l < left.Length || r < right.Length)
        {
            if (l < left.Length && r < right.Length && left[l] == right[r])
                (l, r) = Add(' ', left[l], l + 1, r + 1);
            else if (r == right.Length || (l < left.Length && common[l + 1, r] >= common[l, r + 1]))
                (l, r) = Add('-', left[l], l + 1, r);
            else
                (l, r) = Add('+', right[r], l, r + 1);
        }

        return script;

        (int Left, int Right) Add(char mark, string line, int nextLeft, int nextRight)
        {
            script.Add((mark, line));
            return (nextLeft, nextRight);
        }
    }
}
