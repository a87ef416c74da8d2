using System.Text;
using System.Xml;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports;

/// <summary>Text that comes from outside, on its way into a document.</summary>
internal static class SafeText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text with control characters made visible (<see cref="VisibleText"/>), and without what no document can hold: halves of
    /// surrogate pairs, and what is no character.
    /// </summary>
    public static string Of(string text)
    {
        var visible = VisibleText.Lines(text);
        if (visible.All(XmlConvert.IsXmlChar))
            return visible;
        var safe = new StringBuilder(visible.Length);
        for (var i = 0; i < visible.Length; i++)
        {
            if (i + 1 < visible.Length && XmlConvert.IsXmlSurrogatePair(visible[i + 1], visible[i]))
                safe.Append(visible[i]).Append(visible[++i]);
            else
                safe.Append(XmlConvert.IsXmlChar(visible[i]) ? visible[i] : Replacement);
        }

        return safe.ToString();
    }
}
