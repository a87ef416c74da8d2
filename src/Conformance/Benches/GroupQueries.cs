using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>What the router under test asks about groups.</summary>
internal static class GroupQueries
{
    /// <summary>
    /// Expects that the device asks about a group as it should while nobody answers: LMQC times, LMQI apart (RFC 9776 §6.6.3).
    /// </summary>
    internal static Series ExpectQueries(this RouterBench lab, FramePattern query, Moment since)
    {
        ArgumentNullException.ThrowIfNull(query);
        return lab.Expect(
            query.From(lab.Device).On(Bench.Lan), since, times: lab.Timing.LastMemberQueryCount, every: lab.Timing.LastMemberQueryInterval);
    }

    /// <summary>Expects that the device does not ask about a group until the step ends.</summary>
    internal static Absence ExpectNoQueries(this RouterBench lab, Address group, Moment since) =>
        lab.ExpectNone(QueriesAbout(group).From(lab.Device).On(Bench.Lan), since, atOnce: true);

    /// <summary>Whether the device asks about a group soon after a moment: it waits for that for a Last Member Query Interval.</summary>
    internal static async Task<bool> AsksAbout(this RouterBench lab, Address group, Moment since) =>
        await lab.Seen(QueriesAbout(group).From(lab.Device).On(Bench.Lan), since, lab.Timing.LastMemberQueryInterval) is not null;

    /// <summary>Lets the Last Member Query Time pass, and what the device may be late.</summary>
    internal static Task PassLastMemberQueryTime(this RouterBench lab) => lab.Pass(lab.Timing.LastMemberQueryTime + lab.Tolerance);

    /// <summary>
    /// Waits for the device's first query about a group; ends the test when there is none, as it is about something else.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="group">The group.</param>
    /// <param name="since">From when on.</param>
    /// <param name="within">How late it may come; not at all when not given.</param>
    internal static async Task Asked(this RouterBench lab, Address group, Moment since, TimeSpan within = default)
    {
        if (await lab.Seen(QueriesAbout(group).From(lab.Device).On(Bench.Lan), since, within) is null)
            throw Bench.CannotBegin($"The device does not ask about {group}");
    }

    /// <summary>
    /// Shows that the device hears of groups, after something that it was to do nothing about: it asks about one that a host joins and
    /// leaves. Ends the test when it does not.
    /// </summary>
    internal static async Task ShowHearing(this RouterBench lab)
    {
        await lab.Step("Another group shows that the device has heard of this");
        await lab.Host3.Report(ToExclude(lab.G9));
        await lab.Asked(lab.G9, await lab.Host3.Report(ToInclude(lab.G9)), lab.Timing.LastMemberQueryTime);
    }
}
