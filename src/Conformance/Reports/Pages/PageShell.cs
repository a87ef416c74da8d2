using System.Security.Cryptography;
using System.Text;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>
/// What all pages have around their contents. A page needs no network and nothing beside it; its policy lets run only the script that is
/// ours, whatever a device has called itself.
/// </summary>
internal static class PageShell
{
    /// <summary>Writes a page.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="title">Its title.</param>
    /// <param name="writeHeader">Writes what is in its header.</param>
    /// <param name="writeMain">Writes its contents.</param>
    /// <param name="writeFooter">Writes what is in its footer.</param>
    public static void Write(
        TextWriter output, string title, Action<HtmlWriter> writeHeader, Action<HtmlWriter> writeMain, Action<HtmlWriter> writeFooter)
    {
        var (style, script) = (Resource.Text("page.css"), Resource.Text("page.js"));
        var html = new HtmlWriter(output);
        html.Doctype();
        using (html.Open("html", ("lang", "en")))
        {
            using (html.Open("head"))
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy(script)));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
                // A page beside others has an icon of its own, and asks for none.
                html.Void("link", ("rel", "icon"), ("href", "data:,"));
                html.Text("title", title);
                html.Line();
                html.Embed("style", style);
            }

            html.Line();
            using (html.Open("body"))
            {
                html.Text("a", "Skip to the results", ("class", "skip"), ("href", "#main"));
                WriteSymbols(html);
                using (html.Open("header"))
                    writeHeader(html);
                html.Line();
                using (html.Open("main", ("id", "main"), ("tabindex", "-1")))
                    writeMain(html);
                html.Line();
                using (html.Open("footer"))
                    writeFooter(html);
                html.Line();
                html.Embed("script", script);
            }
        }

        html.Line();
    }

    /// <summary>The link from a page in a folder to a file.</summary>
    public static string Link(string folder, string path) =>
        string.Join('/', Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));

    private static string Policy(string script) =>
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
            + $"script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    // Arrowheads, once for all diagrams.
    private static void WriteSymbols(HtmlWriter html)
    {
        using (html.Open("svg", ("class", "symbols"), ("width", "0"), ("height", "0"), ("aria-hidden", "true"), ("focusable", "false")))
        {
            html.Shape("path", ("id", "ar"), ("d", "M0 0l-8-3.6v7.2z"));
            html.Shape("path", ("id", "al"), ("d", "M0 0l8-3.6v7.2z"));
        }
    }
}
