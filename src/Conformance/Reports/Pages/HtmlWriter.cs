using System.Globalization;
using System.Net;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>
/// Writes HTML, and SVG within it. Whatever is written as a text or as the value of an attribute is encoded, control characters are made
/// visible; the names of elements and attributes are the code's own.
/// </summary>
internal sealed class HtmlWriter(TextWriter output)
{
    private readonly Stack<string> open = [];

    /// <summary>A number as an attribute or a text has it, with at most two decimals.</summary>
    public static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Begins an element; it ends when what is returned is disposed of.</summary>
    /// <param name="name">The element's name.</param>
    /// <param name="attributes">Its attributes; those whose value is null are left out.</param>
    public Element Open(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(name, attributes);
        output.Write('>');
        open.Push(name);
        return new Element(this);
    }

    /// <summary>Writes an element that holds a text.</summary>
    public HtmlWriter Text(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (Open(name, attributes))
            Text(text);
        return this;
    }

    /// <summary>Writes a text.</summary>
    public HtmlWriter Text(string text)
    {
        WebUtility.HtmlEncode(SafeText.Of(text), output);
        return this;
    }

    /// <summary>Writes an element that never holds anything: of HTML (<c>meta</c>).</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(name, attributes);
        output.Write('>');
    }

    /// <summary>Writes an empty element of SVG (<c>path</c>).</summary>
    public void Shape(string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(name, attributes);
        output.Write("/>");
    }

    /// <summary>Begins a line, for those who read the source.</summary>
    public void Line() => output.Write('\n');

    /// <summary>Writes the document type.</summary>
    public void Doctype() => output.Write("<!DOCTYPE html>\n");

    /// <summary>Writes a style sheet or a script of the assembly as it is.</summary>
    public void Embed(string name, string resource)
    {
        using (Open(name))
            output.Write(resource);
    }

    private void WriteTag(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        output.Write('<');
        output.Write(name);
        foreach (var (key, value) in attributes)
        {
            if (value is null)
                continue;
            output.Write(' ');
            output.Write(key);
            if (value.Length == 0)
                continue;
            output.Write("=\"");
            Text(value);
            output.Write('"');
        }
    }

    private void Close()
    {
        output.Write("</");
        output.Write(open.Pop());
        output.Write('>');
    }

    /// <summary>An element that has begun.</summary>
    public readonly struct Element(HtmlWriter html) : IDisposable
    {
        /// <summary>Ends it.</summary>
        public void Dispose() => html.Close();
    }
}
