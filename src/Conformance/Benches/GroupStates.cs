using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>The state that the router under test has of groups: brings it about, and holds it against what it should be.</summary>
internal static class GroupStates
{
    /// <summary>Brings a group to a state by reports that cause no query.</summary>
    /// <returns>When the group timer was set, and when the sources' timers were.</returns>
    internal static async Task<(Moment Group, Moment Sources)> Bring(this RouterBench lab, Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Address[] forwarded = [.. shape.Forwarded];
        var (first, last) = (lab.Now, lab.Now);
        switch (shape.Mode)
        {
            case FilterMode.Include:
                first = last = await lab.Host1.Report(Allow(group, forwarded));
                break;
            case FilterMode.Exclude:
                first = last = await lab.Host1.Report(IsExclude(group, [.. forwarded, .. shape.Blocked]));
                if (forwarded.Length > 0)
                    last = await lab.Host2.Report(Allow(group, forwarded));
                break;
            case null:
                break;
        }

        if (lab.ShowsState && !await lab.Until(async token => (await lab.Read(token)).Shape(group).Equals(shape), lab.Tolerance))
            throw Bench.CannotBegin($"The device could not be brought to {shape} for {group}: it has {(await lab.Read()).Shape(group)}");
        // Then less is left of the timers than the test counts on: a source about to end is not asked about, and nothing shows by that.
        if (lab.Now.At - first.At > lab.Tolerance + (4 * lab.Place.Lab.Latency))
            lab.IsStale = true;
        return (first, last);
    }

    /// <summary>
    /// Expects a group's state to be this now. Where the device does not show its state, a host leaves the group and the queries tell:
    /// then it can be asked for once only, and last.
    /// </summary>
    internal static async Task ExpectGroup(this RouterBench lab, Address group, GroupShape shape, params TimerLeft[] timers)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (lab.ShowsState)
            await lab.ExpectShown(group, shape, timers);
        else
            await lab.Probe(group, shape);
    }

    /// <summary>Expects a group's state to be this now, if the device shows its state; there is more to come for the group.</summary>
    internal static async Task ExpectShown(this RouterBench lab, Address group, GroupShape shape, params TimerLeft[] timers)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!lab.ShowsState)
            return;
        string? wrong = null;
        await lab.UntilShown(async token => (wrong = lab.Compare(await lab.Read(token), group, shape, timers)) is null);
        var what = timers.Length == 0 ? "" : $", {string.Join(", ", timers.Select(each => each.ToString()))}";
        await lab.Check(Bench.DeviceName, $"{group}: {shape}{what}", wrong);
    }

    /// <summary>
    /// Expects that nothing of a group is wanted: there is no record of it, or one of INCLUDE without sources, which says the same (RFC
    /// 9776 §6.2.1).
    /// </summary>
    internal static async Task ExpectNothingOf(this RouterBench lab, Address group)
    {
        var empty = GroupShape.Include();
        if (!lab.ShowsState)
            await lab.Probe(group, GroupShape.None);
        else
        {
            await lab.ExpectState($"{group}: {GroupShape.None} or {empty}", state =>
            {
                var found = GroupShape.Of(state.Groups.FirstOrDefault(each => each.Group == group));
                return found.Equals(GroupShape.None) || found.Equals(empty) ? null : $"it has {found}";
            });
        }
    }

    /// <summary>Expects something of the device's state on the LAN now, if it shows its state.</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="what">What, in words.</param>
    /// <param name="wrong">What is wrong with a state, in words; null when nothing is.</param>
    internal static async Task ExpectState(this RouterBench lab, string what, Func<InterfaceState, string?> wrong)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        if (!lab.ShowsState)
            return;
        string? instead = null;
        await lab.UntilShown(async token => (instead = wrong((await lab.Read(token)).State)) is null);
        await lab.Check(Bench.DeviceName, what, instead);
    }

    /// <summary>Whether something can be brought to hold of the device's state; false where it does not show its state.</summary>
    internal static async Task<bool> ComesTo(this RouterBench lab, Func<InterfaceState, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return lab.ShowsState && await lab.Until(async token => condition((await lab.Read(token)).State), lab.Tolerance);
    }

    /// <summary>
    /// Whether the device has a record of a group. Where it does not show its state, a host leaves the group, which changes it.
    /// </summary>
    internal static async Task<bool> Has(this RouterBench lab, Address group)
    {
        if (lab.ShowsState)
            return await lab.ComesTo(state => state.Groups.Any(each => each.Group == group));
        var leave = await lab.Host3.Report(ToInclude(group));
        return await lab.Seen(QueriesAbout(group).From(lab.Device).On(Bench.Lan), leave, TimeSpan.Zero) is not null;
    }

    /// <summary>Whether the device shows this state of a group now, or as soon as a report can have any effect.</summary>
    internal static Task<bool> Shows(this RouterBench lab, Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        lab.RestsOnState = true;
        return lab.Until(async token => (await lab.Read(token)).Shape(group).Equals(shape), lab.Tolerance);
    }

    /// <summary>
    /// Sends a report for a group, and where the device does not show its state another one for a second group: see
    /// <see cref="ExpectGroups"/>.
    /// </summary>
    /// <returns>When the first one was sent.</returns>
    internal static async Task<Moment> ReportAlike(this RouterBench lab, Station host, RecordContent record, Address twin)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(record);
        var report = await host.Report(record);
        if (!lab.ShowsState)
            await host.Report(record with { Group = twin });
        return report;
    }

    /// <summary>
    /// Expects a group to be in this mode, null for no record of it; of the sources nothing. Where the device does not show its state, a
    /// host leaves the group, and the queries tell: then it can be asked for once only, and last.
    /// </summary>
    internal static async Task ExpectMode(this RouterBench lab, Address group, FilterMode? mode)
    {
        if (lab.ShowsState)
        {
            await lab.ExpectModeShown(group, mode);
            return;
        }

        var leave = await lab.ProbeByLeave(group, mode);
        if (mode == FilterMode.Exclude)
            lab.Expect(Query(group).From(lab.Device).On(Bench.Lan), leave);
        else
            lab.ExpectNone(Query(group).From(lab.Device).On(Bench.Lan), leave, atOnce: true);
        await lab.PassLastMemberQueryTime();
    }

    /// <summary>Expects a group to be in this mode, null for no record of it, if the device shows its state.</summary>
    internal static async Task ExpectModeShown(this RouterBench lab, Address group, FilterMode? mode)
    {
        if (!lab.ShowsState)
            return;
        string? wrong = null;
        await lab.UntilShown(
            async token =>
            {
                var found = (await lab.Read(token)).Shape(group);
                wrong = found.Mode == mode ? null : $"it has {found}";
                return wrong is null;
            });
        await lab.Check(Bench.DeviceName, $"{group}: {InWords(mode)}", wrong);
    }

    /// <summary>
    /// Expects two groups that were treated alike to have this state now. Where the device does not show its state, the one tells its mode
    /// and what it forwards, the other what it blocks.
    /// </summary>
    internal static async Task ExpectGroups(this RouterBench lab, Address group, Address twin, GroupShape shape)
    {
        await lab.ExpectGroup(group, shape);
        if (!lab.ShowsState && (shape.Blocked.Count > 0 || shape.Mode == FilterMode.Exclude))
            await lab.ExpectBlocked(twin, shape);
    }

    private static string InWords(FilterMode? mode) => mode switch
    {
        null => "no record of the group",
        FilterMode.Include => "INCLUDE mode",
        _ => "EXCLUDE mode",
    };

    private static string? Compare(this RouterBench lab, RouterReading found, Address group, GroupShape shape, TimerLeft[] timers)
    {
        if (!found.Shape(group).Equals(shape))
            return $"it has {found.Shape(group)}";
        foreach (var timer in timers)
        {
            if (found.Left(group, timer.Source) is not { } left)
                return $"{timer.Source} has no timer";
            var slack = lab.Tolerance + lab.Place.Device.Resolution;
            var least = timer.AtLeast - (found.To - timer.Since.At) - slack;
            var most = timer.AtMost - (found.From - timer.Since.Done) + slack;
            if (left < least || left > most)
                return $"{left.InWords()} are left of {timer}, {(found.From - timer.Since.At).InWords()} after that";
        }

        return null;
    }
}
