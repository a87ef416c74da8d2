using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>Which version a host speaks after whose queries, and what it leaves unsaid in older ones (RFC 9776 §7.2.1).</summary>
internal static class HostVersionRules
{
    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "older-querier-answered-in-its-version", ["V3-X-7.2.1-02", "V3-X-7.2.1-03", "V3-X-7.2.1-07"],
            "After a General Query of an older version a host sends no reports of version 3 while that querier counts as present.",
            "queries of an older version", "a General Query of an older version that the host answers", Falls),
        new(
            "version-3-without-older-querier", ["V3-X-7.2.1-05"],
            "A host speaks version 3 when no querier of an older version has been heard for the Older Version Querier Present Interval.",
            "messages", "a message of the host with as long a time of version 3 queries before it", Returns),
        new(
            "report-suppressed-in-older-version", ["V3-X-3-03"],
            "In an older version a host does not report a group that another has reported in answer to the same query.",
            "reports of others", "another's report of a group that the host has yet to report", Suppressed),
    ];

    private static IEnumerable<CaptureCase> Falls(JudgedDevice device)
    {
        foreach (var asked in Older(device))
        {
            // The older RFC has one Max Response Time where the newer one has ten; the shorter time holds for both.
            var timing = Lesser(device);
            var ends = asked.At + (timing.RobustnessVariable * timing.QueryInterval) + asked.Query!.MaxResponseTime - device.Tolerance;
            if (ends > device.End)
                ends = device.End;
            var speaks = device.Between(asked.At, ends).Any(each => each.Sender == device.Name && each.GroupMessage is not null);
            yield return new CaptureCase(
                new Absence(Messages.AnyReport().From(device.Name), JudgedDevice.At(asked)), asked.At, ends, asked) { IsWeak = !speaks };
        }
    }

    private static IEnumerable<CaptureCase> Returns(JudgedDevice device)
    {
        var timing = device.HeardTimers.Timing;
        var older = Older(device).ToList();
        var judged = device.Sent.Where(each =>
        {
            var present = timing.OlderVersionQuerierPresentInterval(TimeSpan.FromSeconds(10)) + device.Tolerance;
            var from = each.At - present;
            return (each.Report is not null || each.GroupMessage is not null) && device.Missing(from, each.At) is null
                && !older.Exists(query => query.At >= from && query.At <= each.At)
                && device.Between(from, each.At).Any(frame => frame.Query is { Kind: QueryKind.General });
        }).Select(each => each.Number).ToHashSet();
        return CaptureCase.Always(
            device, Messages.AnyMessage().From(device.Name).Where("without an older querier", each => judged.Contains(each.Number)),
            "version 3", frame => frame.GroupMessage is { } older
                ? FormattableString.Invariant($"version {device.Dialect.VersionOf(older.Generation)}")
                : null);
    }

    private static IEnumerable<CaptureCase> Suppressed(JudgedDevice device)
    {
        foreach (var asked in Older(device))
        {
            var ends = asked.At + asked.Query!.MaxResponseTime;
            foreach (var other in device.Between(asked.At, ends).Where(each =>
                each.Sender != device.Name && each.GroupMessage is { Kind: GroupMessageKind.Report }))
            {
                var group = other.GroupMessage!.Value.Group;
                var isMember = device.States.Of(group, asked.At) is { IsMember: true };
                var mine = Messages.AnyOlderMessage().Where($"that reports {group}", each =>
                    each.GroupMessage is { Kind: GroupMessageKind.Report } report && report.Group == group).From(device.Name);
                if (isMember && !device.Between(asked.At, other.At).Any(mine.Matches))
                    yield return new CaptureCase(new Absence(mine, JudgedDevice.At(other)), asked.At, ends, other);
            }
        }
    }

    private static IEnumerable<SeenFrame> Older(JudgedDevice device) => device.Heard.Where(each =>
        each.Query is { Kind: QueryKind.General, Generation: not Generation.Sources }
        && each.Envelope.Destination == device.Dialect.AllSystems
        // RFC 9776 §9.1; version 1 is older than the option.
        && (each.Envelope.RouterAlert || each.Query.Generation == Generation.Reports));

    // RFC 9776 §8.12 reckons with the defaults, RFC 3376 with what the querier tells.
    private static Membership.Timing Lesser(JudgedDevice device)
    {
        var (told, usual) = (device.HeardTimers.Timing, Membership.Timing.Default);
        return told.RobustnessVariable * told.QueryInterval < usual.RobustnessVariable * usual.QueryInterval ? told : usual;
    }
}
