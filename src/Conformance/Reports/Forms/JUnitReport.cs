using System.Globalization;
using System.Xml;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>
/// A report as JUnit XML: a suite for each section of the RFC. What is inconclusive or not applicable is skipped, with the reason; an
/// observation is a success that says something.
/// </summary>
internal static class JUnitReport
{
    /// <summary>Writes it.</summary>
    public static void Write(SuiteReport report, Stream stream)
    {
        using var xml = XmlText.Create(stream);
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        xml.Attribute("name", ReportText.NameOf(report));
        WriteCounts(xml, report.Tests);
        xml.Attribute("time", Seconds(report.Seconds));
        xml.Attribute("timestamp", Timestamp(report));
        foreach (var section in report.Tests.GroupBy(each => each.Section).OrderBy(each => each.Key, SectionOrder.Comparer))
            WriteSuite(xml, report, section.Key, [.. section]);
        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, SuiteReport report, string section, IReadOnlyList<TestReport> tests)
    {
        xml.WriteStartElement("testsuite");
        xml.Attribute("name", section);
        WriteCounts(xml, tests);
        xml.Attribute("time", Seconds(tests.Sum(each => each.Seconds)));
        xml.Attribute("timestamp", Timestamp(report));
        xml.Attribute("hostname", report.Device.Name);
        xml.WriteStartElement("properties");
        Property("device", report.Device.Title);
        Property("version", report.Device.Version ?? "");
        Property("protocol", report.Protocol);
        Property("engine", report.Engine);
        Property("seed", report.Seed.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        foreach (var test in tests)
            WriteTest(xml, report, section, test);
        xml.WriteEndElement();

        void Property(string name, string value)
        {
            xml.WriteStartElement("property");
            xml.Attribute("name", name);
            xml.Attribute("value", value);
            xml.WriteEndElement();
        }
    }

    private static void WriteTest(XmlWriter xml, SuiteReport report, string section, TestReport test)
    {
        xml.WriteStartElement("testcase");
        xml.Attribute("name", test.Test);
        xml.Attribute("classname", $"{report.Device.Name}.{report.Protocol}.{section.Replace('.', '-')}");
        xml.Attribute("time", Seconds(test.Seconds));
        switch (test.Verdict)
        {
            case Verdict.Fail:
                xml.WriteStartElement("failure");
                xml.Attribute("message", ReportText.Message(test));
                xml.Attribute("type", test.Level);
                xml.WriteString(SafeText.Of(ReportText.Details(test)));
                xml.WriteEndElement();
                break;
            case Verdict.Inconclusive or Verdict.NotApplicable:
                xml.WriteStartElement("skipped");
                xml.Attribute("message", $"{test.Verdict.Name()}: {ReportText.Message(test)}");
                xml.WriteEndElement();
                break;
            default:
                xml.WriteElementString("system-out", SafeText.Of(ReportText.Details(test)));
                break;
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, IReadOnlyCollection<TestReport> tests)
    {
        Count("tests", tests.Count);
        Count("failures", tests.Count(each => each.Verdict == Verdict.Fail));
        Count("errors", 0);
        Count("skipped", tests.Count(each => each.Verdict is Verdict.Inconclusive or Verdict.NotApplicable));

        void Count(string name, int count) => xml.Attribute(name, count.ToString(CultureInfo.InvariantCulture));
    }

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Timestamp(SuiteReport report) =>
        report.Started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
}
