using FluentAssertions;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Suite;

/// <summary>The suite of a role on our device of that role: every test shows what it is to show, and nothing is left open.</summary>
public abstract class SuiteTests(ReadAhead<TestReport> suite)
{
    private protected async Task Fulfils(string test)
    {
        var report = await suite.Result(test);
        // Minutes or an hour on the machine's clock: virtual time has them.
        if (report.TooLong)
            return;

        report.Verdict.Should().BeOneOf(
            [Verdict.Pass, Verdict.Observation], "{0}\nexpected: {1}\nseen: {2}\n{3}", report.Purpose, report.Expected, report.Seen,
            report.Reason);
    }
}
