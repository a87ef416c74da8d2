using System.Text;
using MulticastLab.Conformance.Reports.Forms;
using MulticastLab.Conformance.Reports.Pages;

namespace MulticastLab.Conformance.Reports;

/// <summary>Writes all forms of a report beside it.</summary>
public static class ReportForms
{
    /// <summary>The page of a run.</summary>
    public const string PageName = "index.html";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the page, JUnit XML, TRX, TAP, CTRF and the schema into the folder.</summary>
    public static void Write(ReportFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Text(PageName, text => ReportPage.Write(folder, text));
        Bytes("junit.xml", stream => JUnitReport.Write(folder.Report, stream));
        Bytes("report.trx", stream => TrxReport.Write(folder.Report, stream));
        Text("report.tap", text => TapReport.Write(folder.Report, text));
        Bytes("report.ctrf.json", stream => CtrfReport.Write(folder.Report, stream));
        Bytes("report.schema.json", stream =>
        {
            using var schema = ReportSchema.Open();
            schema.CopyTo(stream);
        });

        void Bytes(string name, Action<Stream> write)
        {
            using var file = File.Create(Path.Combine(folder.Path, name));
            write(file);
        }

        void Text(string name, Action<TextWriter> write) => Bytes(name, stream =>
        {
            using var text = new StreamWriter(stream, Utf8);
            write(text);
        });
    }
}
