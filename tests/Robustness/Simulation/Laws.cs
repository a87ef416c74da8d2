using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Compares the routers' and hosts' state dumps with the model.</summary>
internal sealed class Laws(
    LabPlan plan, Windows windows, LanModel[] models, SimulatedLab lab, Func<NodePlan, int, bool> isUp, Func<int, HeardReports> heardOn)
{
    private static readonly Address[] Sources = [.. LabPlan.Sources, LabPlan.Unnamed];

    /// <exception cref="ViolationException">One of them does not hold now.</exception>
    public void Check(IReadOnlySet<string> running)
    {
        var states = plan.Routers.Where(each => running.Contains(each.Name))
            .ToDictionary(each => each, each => lab.RouterState(each.Name, CancellationToken.None).GetAwaiter().GetResult());
        for (var lan = 0; lan < models.Length; lan++)
        {
            var routers = states
                .Where(each => each.Key.IsOn(lan) && isUp(each.Key, lan))
                .Select(each => (Router: each.Key, State: each.Value.Interfaces.First(side => side.Name == each.Key.InterfaceOn(lan))))
                .ToList();
            Querier(lan, routers);
            foreach (var (router, state) in routers)
                Router(lan, router, state);
        }

        foreach (var host in plan.Nodes.Where(each => !each.IsRouter && running.Contains(each.Name)))
            Host(host);
    }

    private void Querier(int lan, List<(NodePlan Router, InterfaceState State)> routers)
    {
        // Version 1 has no election (RFC 1112).
        if (routers.Count == 0 || plan.Version == 1 || models[lan].CalmSince is not { } calm || lab.Now < calm + windows.Election)
            return;
        var lowest = routers.Min(each => each.Router.AddressOn(lan));
        foreach (var (router, state) in routers)
        {
            Hold(
                state.IsQuerier == (router.AddressOn(lan) == lowest),
                Law.OneQuerier,
                $"{router.Name} {(state.IsQuerier ? "is" : "is not")} the querier of LAN {models[lan].Plan.Name}, where {lowest} is lowest"
            );
            Hold(
                state.Querier == lowest, Law.OneQuerier,
                $"{router.Name} takes {state.Querier} for the querier of LAN {models[lan].Plan.Name}, whose lowest router is {lowest}");
        }
    }

    private void Router(int lan, NodePlan router, InterfaceState state)
    {
        Hold(
            state.Groups.All(each =>
                LabPlan.Groups.Contains(each.Group) && each.Sources.All(source => LabPlan.Sources.Contains(source.Source))),
            Law.BoundedState,
            $"{router.Name} knows groups or sources that nobody has named");
        foreach (var group in LabPlan.Groups)
        {
            var found = state.Groups.FirstOrDefault(each => each.Group == group);
            Hold(
                found?.Mode != FilterMode.Exclude || !Dialect.Igmp.IsSourceSpecific(group), Law.SourceSpecific,
                $"{router.Name} has {group} on LAN {models[lan].Plan.Name} in EXCLUDE mode");
            Forgotten(lan, router, group, found);
            if (models[lan].CalmSince is not { } calm)
                continue;
            Served(lan, router, state.IsQuerier, group, found, calm);
            // What a router of an older version does with its timers is a matter of another RFC.
            if (plan.Version == 3)
                Timers(lan, router, group, found, calm + Windows.WorstDelay);
        }
    }

    private void Timers(int lan, NodePlan router, Address group, GroupState? found, Instant certainSince)
    {
        var heard = heardOn(lan);
        Run(heard.Group(group), found?.Expires, windows.GroupMembershipInterval, $"the group timer");
        foreach (var source in LabPlan.Sources)
            Run(
                heard.Source(group, source), found?.Sources.FirstOrDefault(each => each.Source == source)?.Expires,
                windows.GroupMembershipInterval, $"the source timer of {source}");
        Run(heard.Older(group, 1), found?.Version1HostPresentExpires, windows.OlderHostPresentInterval, $"the IGMPv1 Host Present timer");
        Run(heard.Older(group, 2), found?.Version2HostPresentExpires, windows.OlderHostPresentInterval, $"the IGMPv2 Host Present timer");

        void Run(Instant? report, TimeSpan? left, TimeSpan interval, string timer)
        {
            // A moment ago it may be under way.
            if (report is not { } at || at < certainSince || lab.Now < at + windows.Slack)
                return;
            var rest = interval - Windows.ByClockOf(router, lab.Now - (at + windows.Delay(lan)));
            var expected = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
            Hold(
                ((left ?? TimeSpan.Zero) - expected).Duration() <= windows.Slack,
                Law.TimersRun,
                $"on {router.Name} {timer} for {group} on LAN {models[lan].Plan.Name} has {left} left, {expected} since {at}: {Text(found)}"
            );
        }
    }

    // Whatever is lost or late: without a report that is for it nothing keeps a group.
    private void Forgotten(int lan, NodePlan router, Address group, GroupState? found)
    {
        if (found is not null && models[lan].MemberlessSince(group) is { } since)
            Hold(
                lab.Now <= since + windows.Forgotten + Windows.WorstDelay, Law.NothingOutlivesItsInterval,
                $"{router.Name} still has {group} on LAN {models[lan].Plan.Name}, which nobody has wanted since {since}");
    }

    private void Served(int lan, NodePlan router, bool isQuerier, Address group, GroupState? found, Instant calm)
    {
        var (model, now) = (models[lan], lab.Now);
        var heard = calm + windows.EverybodyHeard;
        var steady = now >= Later(windows.SettledAt(model, group, now), calm) + windows.Steady;
        foreach (var source in Sources)
        {
            var (wanted, since) = model.Wants(group, source);
            var forwards = Forwards(found, source);
            var (verb, demand) = (forwards ? "forwards" : "drops", wanted ? "wanted" : "unwanted");
            if (wanted)
                Hold(
                    forwards || now < Later(since + windows.Slack, heard) || (!isQuerier && MayBeForgotten(model, group, source, now)),
                    Law.MembersAreServed,
                    $"{router.Name} does not forward {source} to {group} on LAN {model.Plan.Name}, wanted since {since}: {Text(found)}");
            else if (forwards)
                Hold(
                    !(LeftQuickly(model, group, since, heard) && now >= since + windows.LastMemberGone),
                    Law.LeavesAreQuick,
                    $"{router.Name} still forwards {source} to {group} on LAN {model.Plan.Name}, unwanted since {since}: {Text(found)}");
            if (steady)
                Hold(
                    forwards == wanted,
                    Law.UnionOfFilters,
                    $"{router.Name} {verb} {source} to {group} on LAN {model.Plan.Name}, {demand} since {since}: {Text(found)}"
                );
        }

        if (
            found is not null
            && model.MemberlessSince(group) is { } left
            && left >= heard
            && NobodyDiedSilently(model, group, left)
            && (left >= calm + windows.Steady || NobodyExcluded(model, group, left)))
            Hold(
                now < left + windows.LastMemberGone, Law.LeavesAreQuick,
                $"{router.Name} still has {group} on LAN {model.Plan.Name}, whose last member left at {left}: {Text(found)}");
        // §6.2.1: EXCLUDE as soon as there is one EXCLUDE host, and INCLUDE when there has been none for a while.
        if (steady)
            Hold(
                model.IsExcluded(group) == (found?.Mode == FilterMode.Exclude), Law.UnionOfFilters,
                $"{router.Name} has {group} on LAN {model.Plan.Name} as {Text(found)}, EXCLUDE is wanted: {model.IsExcluded(group)}");
    }

    // §6.6.1: a specific query that crosses a version 1 host's first report lowers the timers of whoever is not the querier, and only
    // General Queries have that host speak again.
    private bool MayBeForgotten(LanModel model, Address group, Address source, Instant now) =>
        model.WantedByVersion1Since(group, source) is { } since && now < since + windows.AskedAndAnswered;

    // A source that its last INCLUDE member has left. With EXCLUDE members (§6.4.1) what nobody wants may be forwarded for another GMI.
    private bool LeftQuickly(LanModel model, Address group, Instant left, Instant heard) =>
        left >= heard && NobodyDiedSilently(model, group, left) && NobodyExcluded(model, group, left);

    // Until all is steady a router may have in X what the querier has in Y (§6.4.1), which is not asked for then.
    private bool NobodyExcluded(LanModel model, Address group, Instant left) =>
        model.ExcludedUntil(group, lab.Now) is not { } excluded || excluded + windows.Steady <= left;

    private bool NobodyDiedSilently(LanModel model, Address group, Instant left) =>
        (model.SilencedAt(group) is not { } silenced || silenced + windows.Steady <= left) && NobodyWasOlder(model, group, left);

    // Older hosts leave only as far as they remember to have been the last to report (RFC 2236 §3), and make routers deaf to some of the
    // others.
    private bool NobodyWasOlder(LanModel model, Address group, Instant left) =>
        plan.Version == 3
        && (model.OlderUntil(group, lab.Now) is not { } older || older + windows.OlderHostForgotten + windows.Steady <= left);

    private void Host(NodePlan host)
    {
        var told = lab.HostState(host.Name, CancellationToken.None).GetAwaiter().GetResult();
        var wants = models[host.Ports[0].Lan].WantsOf(host.Name).OrderBy(each => each.Group).ToList();
        Hold(
            told.Count == wants.Count
                && told.Zip(wants)
                    .All(pair =>
                        pair.First.Group == pair.Second.Group
                        && pair.First.Mode == pair.Second.Mode
                        && pair.First.Sources.ToHashSet().SetEquals(pair.Second.Sources)),
            Law.HostState,
            $"{host.Name} has {string.Join(", ", told)}, it was told {string.Join(", ", wants)}");
    }

    // §6.3, read off the dump: a source whose timer runs, or in EXCLUDE mode one that is not listed.
    private static bool Forwards(GroupState? group, Address source) =>
        group is not null && (group.Sources.FirstOrDefault(each => each.Source == source)?.Forward ?? group.Mode == FilterMode.Exclude);

    private static string Text(GroupState? group) =>
        group is null
            ? "no such group"
            : $"{group.Mode} {{{string.Join(", ", group.Sources.Select(each => $"{each.Source} {each.Expires.TotalSeconds:F3} s"))}}}, "
                + $"group timer {group.Expires.TotalSeconds:F3} s";

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;

    private void Hold(bool condition, Law law, FormattableString otherwise)
    {
        if (!condition)
            throw new ViolationException(new Violation(law, lab.Now, FormattableString.Invariant(otherwise)));
    }
}
