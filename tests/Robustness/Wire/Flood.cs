using System.Diagnostics;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Robustness.Wire;

/// <summary>
/// The shipped router with its default limits, and reports forever more groups (RFC 9776 §9.2): memory is bounded, whoever was there
/// before keeps what it has, and the log is not flooded as well.
/// </summary>
internal static class Flood
{
    /// <summary>The documented defaults.</summary>
    public const int MaxGroups = 250_000;
    private const int MaxSources = 500_000;

    private const int Burst = 2_000;
    private const int RefreshedEvery = 10 * Burst;

    /// <summary>
    /// What the limits hold an interface to, a dump of all of it, and what the collector has not taken back yet. Were the groups of a flood
    /// not given back, the fifth one would be beyond it.
    /// </summary>
    private const long MemoryLimit = 512 << 20;

    private const string Notice = "the group limit (max-groups) is reached";

    // Longer than the flood: nothing that it brings ends by itself.
    private static readonly TimeSpan QueryInterval = TimeSpan.FromSeconds(120);

    private static readonly Address Member = Address.Parse("10.0.0.7");
    private static readonly Address Stranger = Address.Parse("10.0.0.66");

    // Who was there before: groups in both modes, with sources.
    private static readonly RecordContent[] Members =
    [
        .. Enumerable
            .Range(0, 50)
            .Select(i => new RecordContent(
                i % 2 == 0 ? RecordType.IsExclude : RecordType.IsInclude, Address.FromV4(0xEF01_0000u + (uint)i),
                [Address.FromV4(0xC000_0200u + (uint)i)])),
    ];

    /// <summary>
    /// Floods it so many times, each time with so many groups, the link down and up in between; throws at whatever is wrong.
    /// </summary>
    /// <returns>A line about it.</returns>
    public static async Task<string> Run(int groups, int times)
    {
        Invariant.Holds(groups >= MaxGroups, $"{groups} groups do not reach the limit of {MaxGroups}");
        using var wire = await RouterOnTheWire.Start(QueryInterval);
        var before = wire.ReadHoldings();
        var held = new List<Holdings>();
        var elapsed = TimeSpan.Zero;
        for (var time = 1; time <= times; time++)
        {
            var flooded = await Once(wire, groups, time);
            held.Add(wire.ReadHoldings());
            await CheckMembers(wire, time, flooded);
            elapsed += flooded;
            await wire.Flap();
        }

        Invariant.Holds(
            held.TrueForAll(each => each.Memory < MemoryLimit), $"the router holds {string.Join("; ", held)}, before the flood {before}");
        await wire.CheckAftermath();
        return $"{times} × {groups:N0} groups, {times * groups / elapsed.TotalSeconds:N0} a second; {MaxGroups:N0} of them kept, "
            + $"{groups + Members.Length - MaxGroups:N0} refused, {Members.Length} members kept theirs; before: {before}; after each: "
            + $"{string.Join("; ", held)}";
    }

    private static async Task<TimeSpan> Once(RouterOnTheWire wire, int groups, int time)
    {
        await wire.Begin();
        wire.Send(Report(Member, Members));
        await wire.WaitUntilRead();
        var refusedBefore = (await wire.Summary()).Statistics.Error["group-limit"];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < groups; i++)
        {
            if (i % RefreshedEvery == 0)
                wire.Send(Report(Member, Members));
            wire.Send(Report(Stranger, [Strange(i)]));
            if (i % Burst == 0)
                await wire.WaitUntilRead();
        }

        await wire.WaitUntilRead();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var state = await wire.Summary();
        var refused = state.Statistics.Error["group-limit"] - refusedBefore;
        Invariant.Holds(
            state.Interfaces[0].GroupCount == MaxGroups, $"after a flood of {groups} groups there are {state.Interfaces[0].GroupCount}");
        Invariant.Holds(
            refused == groups + Members.Length - MaxGroups, $"of {groups} groups and {Members.Length} members' {refused} were refused");
        await wire.UntilLog(Notice);
        var told = wire.Log.Split('\n').Count(line => line.Contains(Notice, StringComparison.Ordinal));
        Invariant.Holds(told == time, $"flood {time}, and the limit was told {told} times:\n{wire.Log}");
        return elapsed;
    }

    // They have all they had, have had it all the time, and one can leave.
    private static async Task CheckMembers(RouterOnTheWire wire, int time, TimeSpan flooded)
    {
        var state = (await wire.State()).Interfaces[0];
        var kept = state.Groups.ToDictionary(each => each.Group);
        Invariant.Holds(state.Groups.Sum(each => each.Sources.Count) <= MaxSources, $"flood {time}: more than {MaxSources} sources");
        foreach (var member in Members)
            Invariant.Holds(
                kept.TryGetValue(member.Group, out var found) && found.UpTime >= flooded && Wants(found, member),
                $"flood {time}: of {member.Group}, a member's since before, there is {found}");

        await wire.CheckLeave(Member, Members[0].Group, MaxGroups - 1);
    }

    private static bool Wants(GroupState found, RecordContent member) =>
        found.Mode == (member.Type == RecordType.IsExclude ? FilterMode.Exclude : FilterMode.Include)
        && found.Sources.Select(each => each.Source).SequenceEqual(member.Sources)
        && found.Sources[0].Forward == (found.Mode == FilterMode.Include);

    // Sources too: together they reach that limit.
    private static RecordContent Strange(int number) =>
        new(
            RecordType.ToExclude, Address.FromV4(0xEF80_0000u + (uint)number),
            [.. Enumerable.Range(1, number % 6).Select(each => Address.FromV4(0xC633_6400u + (uint)each))]);

    private static byte[] Report(Address from, IReadOnlyList<RecordContent> records)
    {
        var buffer = new byte[1500];
        return buffer[..IgmpWriter.WriteReport(buffer, new ReportContent(records), from, Dialect.Igmp.ReportDestination)];
    }
}
