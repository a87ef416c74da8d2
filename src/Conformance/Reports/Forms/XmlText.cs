using System.Text;
using System.Xml;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>Writing XML of text that comes from outside.</summary>
internal static class XmlText
{
    /// <summary>A writer of an indented document.</summary>
    public static XmlWriter Create(Stream stream) => XmlWriter.Create(stream, new XmlWriterSettings
    {
        Indent = true,
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        NewLineChars = "\n",
        CloseOutput = false,
    });

    /// <summary>Writes an attribute.</summary>
    public static void Attribute(this XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, SafeText.Of(value));
}
