using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>Finds out the state of a group by what the router under test asks, where it does not show its state.</summary>
internal static class GroupProbing
{
    /// <summary>
    /// Where the device does not show its state: a leave makes the querier ask for whatever there is of the group, Query(G) in EXCLUDE
    /// mode, Query(G, A or X) for the sources whose timers run (RFC 9776 §6.4.2).
    /// </summary>
    internal static async Task Probe(this RouterBench lab, Address group, GroupShape shape)
    {
        var leave = await lab.ProbeByLeave(group, shape.Mode);
        var times = Times.Between(1, lab.Timing.LastMemberQueryCount);
        if (shape.Mode == FilterMode.Exclude)
            lab.Expect(Query(group).From(lab.Device), leave, times: times, every: lab.Timing.LastMemberQueryInterval);
        else
            lab.ExpectNone(Query(group).From(lab.Device), leave, atOnce: true);
        if (shape.Forwarded.Count > 0)
            lab.Expect(Query(group, [.. shape.Forwarded]).From(lab.Device), leave, times: times, every: lab.Timing.LastMemberQueryInterval);
        else
        {
            lab.ExpectNone(
                QueriesAbout(group).Where("with sources", frame => frame.Query!.Sources.Count > 0).From(lab.Device), leave, atOnce: true);
        }

        await lab.PassLastMemberQueryTime();
    }

    internal static async Task<Moment> ProbeByLeave(this RouterBench lab, Address group, FilterMode? mode)
    {
        // A leave of what is not there changes nothing.
        if (mode is not null && !lab.Probed.Add(group))
            throw new InvalidOperationException($"{group} was probed already: this has changed it.");
        await lab.Step($"A host leaves {group}: the queries tell its state");
        return await lab.Host3.Report(ToInclude(group));
    }

    /// <summary>
    /// Expects certain sources of a group to be blocked, where the device does not show its state: it asks about all sources that a host
    /// says that it does not want any more, but those that are blocked already (RFC 9776 §6.4.2). The group is changed by that.
    /// </summary>
    internal static async Task ExpectBlocked(this RouterBench lab, Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!lab.Probed.Add(group))
            throw new InvalidOperationException($"{group} was probed already: this has changed it.");
        await lab.Step($"A host blocks sources of {group}: the queries tell its state");
        Address[] all = [.. shape.Forwarded, .. shape.Blocked, lab.S(9)];
        var block = await lab.Host3.Report(Block(group, all));
        Address[] asked = shape.Mode switch
        {
            null => [],
            FilterMode.Include => [.. shape.Forwarded],
            _ => [.. all.Except(shape.Blocked)],
        };
        var about = Query(group, asked);
        if (asked.Length > 0)
        {
            lab.Expect(
                about.From(lab.Device), block, times: Times.Between(1, lab.Timing.LastMemberQueryCount),
                every: lab.Timing.LastMemberQueryInterval);
        }

        lab.ExpectNone(
            QueriesAbout(group).Where("about other sources", frame => asked.Length == 0 || !about.Matches(frame)).From(lab.Device), block,
            atOnce: true);
        await lab.PassLastMemberQueryTime();
    }
}
