using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>Judges a device by a capture of a live network, in which nobody has played a test.</summary>
public static class CaptureJudge
{
    /// <summary>What stands for the engine in the report.</summary>
    public const string Engine = "capture";

    private const int MostFrames = 20;
    private const int MostProblems = 5;

    /// <summary>Judges a device.</summary>
    /// <param name="contents">The capture.</param>
    /// <param name="role">What the device is.</param>
    /// <param name="address">Its address.</param>
    /// <param name="given">What the user knows of the timers.</param>
    /// <exception cref="ArgumentException">Nothing in the capture is from this address.</exception>
    public static SuiteReport Judge(CaptureContents contents, DeviceRole role, Address address, GivenTimers given)
    {
        ArgumentNullException.ThrowIfNull(contents);
        ArgumentNullException.ThrowIfNull(given);
        if (!contents.Messages.Any(each => each.Packet.Source == address))
            throw new ArgumentException($"Nothing is from {address}.", nameof(address));
        var device = new JudgedDevice(contents, address, given);
        return new SuiteReport
        {
            Device = new ReportedDevice(device.Name, $"{address} on {device.Segment}", null, role.ToString().ToLowerInvariant()),
            Protocol = contents.Dialect.Name.ToLowerInvariant(),
            Engine = Engine,
            Seed = 0,
            Started = DateTimeOffset.UnixEpoch.AddTicks(contents.Start.Nanoseconds / 100),
            Seconds = Math.Round((contents.End - contents.Start).TotalSeconds, 1),
            Tests = [.. RuleCatalog.For(role).Select(each => Of(each, device))],
            Notes = [.. NotesOf(contents, device, role)],
        }.Summed();
    }

    private static IEnumerable<string> NotesOf(CaptureContents contents, JudgedDevice device, DeviceRole role)
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"Capture: {contents.FrameCount} frames in {(contents.End - contents.Start).InWords()}, {device.Messages.Count} messages on "
                + $"{device.Segment}, {device.Sent.Count()} of them from {device.Name}");
        foreach (var gap in contents.Gaps.Take(MostProblems))
            yield return Invariant($"Gap: {gap.Why}");
        if (contents.Gaps.Count > MostProblems)
            yield return Invariant($"Gap: {contents.Gaps.Count - MostProblems} more");
        foreach (var note in (role == DeviceRole.Host ? device.HeardTimers : device.Timers).Notes)
            yield return note;
        yield return $"Tolerance {device.Tolerance.InWords()}";
    }

    private static TestReport Of(CaptureRule rule, JudgedDevice device)
    {
        var (right, wrong) = (0, 0);
        var judged = new List<CaptureCase>();
        var failed = new List<CaptureCase>();
        string? missing = null;
        foreach (var each in rule.CasesOf(device))
        {
            if (each.From <= each.To && device.Missing(each.From, each.To) is { } why)
            {
                missing ??= why;
                continue;
            }

            var timeless = each.From > each.To;
            device.Judge(each.Expectation, timeless ? device.Start : each.From, timeless ? device.End : each.To);
            if (each.Beyond is { } beyond && device.Missing(each.From, beyond.To) is null)
                device.Judge(beyond.Expectation, each.From, beyond.To);
            var problems = each.Problems.Count > 0;
            if (problems && !timeless && each.Expectation is not Absence && device.LastSeen < each.To)
            {
                missing ??= "nothing more is seen of the device, which may have been switched off";
                continue;
            }

            if (!problems && each.IsWeak)
                continue;
            judged.Add(each);
            if (problems)
                failed.Add(each);
            var bad = Math.Min(each.Count, each.Problems.Count);
            (wrong, right) = (wrong + bad, right + each.Count - bad);
        }

        var observes = rule.Requirements.OnlyObserve();
        var (verdict, reason) = (wrong, right) switch
        {
            ( > 0, _) when observes => (Verdict.Observation, "It is left to the device."),
            ( > 0, _) => (Verdict.Fail, null),
            (_, > 0) => (Verdict.Pass, null),
            _ => (Verdict.Inconclusive, missing is null
                ? $"The capture shows no case of it: {rule.Nothing}."
                : $"The capture does not show it as a whole: {missing}."),
        };
        return Written(rule, device, failed.Count > 0 ? failed : judged) with
        {
            Verdict = verdict,
            Reason = reason,
            Seen = Seen(rule, right, right + wrong, failed),
        };
    }

    private static TestReport Written(CaptureRule rule, JudgedDevice device, List<CaptureCase> deciding)
    {
        List<SeenFrame> offending = [.. deciding.SelectMany(each => each.Problems).SelectMany(each => each.Frames)];
        var frames = offending.Count > 0 || deciding.Exists(each => each.Problems.Count > 0)
            ? offending.Concat(deciding.Where(each => each.From <= each.To).SelectMany(each => each.About))
            : deciding.SelectMany(each => each.Expectation.Claimed.Concat(each.About));
        var expectations = deciding.SelectMany(each => each.Expectations.Where(one => each.Problems.Count == 0 || one.Problems.Count > 0))
            .ToList();
        int[] numbers = [.. frames.Select(each => each.Number).Distinct().Order().Take(MostFrames)];
        return new TestReport
        {
            Test = rule.Name,
            Requirements = [.. rule.Requirements.Select(each => each.Id)],
            Level = rule.Requirements.StrictestLevel(),
            Sections = rule.Requirements.Sections(),
            Purpose = rule.Purpose,
            Verdict = Verdict.Inconclusive,
            Expected = string.Join("; ", expectations.Take(MostProblems).Select(each => each.Text)),
            Expectations = [.. expectations.Take(MostFrames).Select(ExpectationReport.Of)],
            RestsOn = ["wire"],
            Frames = numbers,
            Filter = FrameFilter.Of(numbers, onlyMessages: true, $"igmp && ip.src == {device.Address}"),
            Seconds = Math.Round((device.End - device.Start).TotalSeconds, 3),
        };
    }

    private static string Seen(CaptureRule rule, int right, int all, List<CaptureCase> failed)
    {
        if (all == 0)
            return "";
        var problems = failed.SelectMany(each => each.Problems, (each, problem) => Text(each, problem.Text)).ToList();
        var text = string.Join("; ", problems.Take(MostProblems));
        var more = problems.Count > MostProblems ? Invariant($"; and {problems.Count - MostProblems} more like these") : "";
        return Invariant($"{right} of {all} {rule.Unit}") + (problems.Count == 0 ? "" : $": {text}{more}");
    }

    private static string Text(CaptureCase failed, string problem) => failed.From > failed.To || failed.About.Count == 0
        ? problem
        : Invariant($"{problem} (after frame {failed.About[^1].Number})");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
