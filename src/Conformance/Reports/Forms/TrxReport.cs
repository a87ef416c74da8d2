using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>
/// A report as TRX, the test results of Visual Studio and Azure DevOps. The ids follow from device and test, so that the same test has the
/// same one in every run.
/// </summary>
internal static class TrxReport
{
    private const string Namespace = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    // What the format calls a unit test, and its list of results that are in no list.
    private const string UnitTest = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
    private const string NoList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";

    /// <summary>Writes it.</summary>
    public static void Write(SuiteReport report, Stream stream)
    {
        using var xml = XmlText.Create(stream);
        xml.WriteStartDocument();
        xml.WriteStartElement("TestRun", Namespace);
        xml.Attribute("id", Id(report, "run " + Time(report.Started)));
        xml.Attribute("name", ReportText.NameOf(report));
        xml.WriteStartElement("Times", Namespace);
        foreach (var name in (string[])["creation", "queuing", "start"])
            xml.Attribute(name, Time(report.Started));
        xml.Attribute("finish", Time(ReportText.EndOf(report)));
        xml.WriteEndElement();
        Each("Results", test => WriteResult(xml, report, test));
        Each("TestDefinitions", test => WriteDefinition(xml, report, test));
        Each("TestEntries", test =>
        {
            xml.WriteStartElement("TestEntry", Namespace);
            xml.Attribute("testId", TestId(report, test));
            xml.Attribute("executionId", ExecutionId(report, test));
            xml.Attribute("testListId", NoList);
            xml.WriteEndElement();
        });
        xml.WriteStartElement("TestLists", Namespace);
        xml.WriteStartElement("TestList", Namespace);
        xml.Attribute("name", "Results Not in a List");
        xml.Attribute("id", NoList);
        xml.WriteEndElement();
        xml.WriteEndElement();
        WriteSummary(xml, report);
        xml.WriteEndElement();

        void Each(string name, Action<TestReport> write)
        {
            xml.WriteStartElement(name, Namespace);
            foreach (var test in report.Tests)
                write(test);
            xml.WriteEndElement();
        }
    }

    private static void WriteResult(XmlWriter xml, SuiteReport report, TestReport test)
    {
        xml.WriteStartElement("UnitTestResult", Namespace);
        xml.Attribute("executionId", ExecutionId(report, test));
        xml.Attribute("testId", TestId(report, test));
        xml.Attribute("testName", test.Test);
        xml.Attribute("computerName", report.Device.Name);
        xml.Attribute("duration", TimeSpan.FromSeconds(test.Seconds).ToString("c", CultureInfo.InvariantCulture));
        xml.Attribute("startTime", Time(report.Started));
        xml.Attribute("endTime", Time(ReportText.EndOf(report)));
        xml.Attribute("testType", UnitTest);
        xml.Attribute("outcome", Outcome(test.Verdict));
        xml.Attribute("testListId", NoList);
        xml.Attribute("relativeResultsDirectory", ExecutionId(report, test));
        xml.WriteStartElement("Output", Namespace);
        xml.WriteElementString("StdOut", Namespace, SafeText.Of(ReportText.Details(test)));
        if (ReportText.Message(test) is { Length: > 0 } message)
        {
            xml.WriteStartElement("ErrorInfo", Namespace);
            xml.WriteElementString("Message", Namespace, SafeText.Of(message));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteDefinition(XmlWriter xml, SuiteReport report, TestReport test)
    {
        xml.WriteStartElement("UnitTest", Namespace);
        xml.Attribute("name", test.Test);
        xml.Attribute("storage", report.Device.Name);
        xml.Attribute("id", TestId(report, test));
        xml.WriteElementString("Description", Namespace, SafeText.Of(test.Purpose));
        xml.WriteStartElement("TestCategory", Namespace);
        foreach (var category in (string[])[test.Level, .. test.Sections, .. test.Requirements])
        {
            xml.WriteStartElement("TestCategoryItem", Namespace);
            xml.Attribute("TestCategory", category);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteStartElement("Execution", Namespace);
        xml.Attribute("id", ExecutionId(report, test));
        xml.WriteEndElement();
        xml.WriteStartElement("TestMethod", Namespace);
        xml.Attribute("codeBase", report.Device.Name);
        xml.Attribute("adapterTypeName", "multicast-lab");
        xml.Attribute("className", test.Section);
        xml.Attribute("name", test.Test);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteSummary(XmlWriter xml, SuiteReport report)
    {
        int Of(params Verdict[] verdicts) => verdicts.Sum(each => report.Count(each));
        var failed = Of(Verdict.Fail);
        xml.WriteStartElement("ResultSummary", Namespace);
        xml.Attribute("outcome", failed > 0 ? "Failed" : "Completed");
        xml.WriteStartElement("Counters", Namespace);
        (string Name, int Count)[] counters =
        [
            ("total", report.Tests.Count), ("executed", report.Tests.Count - Of(Verdict.NotApplicable)),
            ("passed", Of(Verdict.Pass, Verdict.Observation)), ("failed", failed), ("error", 0), ("timeout", 0), ("aborted", 0),
            ("inconclusive", Of(Verdict.Inconclusive)), ("passedButRunAborted", 0), ("notRunnable", 0),
            ("notExecuted", Of(Verdict.NotApplicable)), ("disconnected", 0), ("warning", 0), ("completed", 0), ("inProgress", 0),
            ("pending", 0),
        ];
        foreach (var (name, count) in counters)
            xml.Attribute(name, count.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static string Outcome(Verdict verdict) => verdict switch
    {
        Verdict.Pass or Verdict.Observation => "Passed",
        Verdict.Fail => "Failed",
        Verdict.Inconclusive => "Inconclusive",
        Verdict.NotApplicable => "NotExecuted",
    };

    private static string TestId(SuiteReport report, TestReport test) => Id(report, "test " + test.Test);

    private static string ExecutionId(SuiteReport report, TestReport test) => Id(report, $"run {Time(report.Started)} of {test.Test}");

    private static string Id(SuiteReport report, string what) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{report.Device.Name}\n{report.Protocol}\n{report.Engine}\n{what}"))[..16])
            .ToString();

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
