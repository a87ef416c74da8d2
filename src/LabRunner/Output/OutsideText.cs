using System.Text.RegularExpressions;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Output;

/// <summary>
/// Text that comes from outside - from files, from the wire, from other programs - as markup: see <see cref="VisibleText"/>.
/// </summary>
internal static partial class OutsideText
{
    /// <summary>A text of several lines as Spectre markup that shows it as it is.</summary>
    public static string Markup(string text)
    {
#pragma warning disable RS0030 // This is the place that the others are to use.
        var escaped = Spectre.Console.Markup.Escape(VisibleText.Lines(text));
#pragma warning restore RS0030
        // Spectre takes a word between colons, such as a part of an IPv6 address, for the name of an emoji. Only a change of style within
        // keeps it from that; on a colon italics are least visible.
        return Shortcode()
            .Replace(escaped, code => Spectre.Console.Emoji.Replace($":{code.Groups[1].Value}:")[0] == ':' ? ":" : "[italic]:[/]");
    }

    [GeneratedRegex(@":(?=([^\s:]+):)")]
    private static partial Regex Shortcode();
}
