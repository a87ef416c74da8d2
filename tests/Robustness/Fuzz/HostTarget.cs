using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>A host interface: queries of any kind while its sockets join, change their lists and leave.</summary>
internal sealed class HostTarget : IFuzzTarget
{
    private const int Sockets = 4;
    private const int SettlingSteps = 10_000;

    private readonly Addresses addresses;
    private readonly Address[] groups;
    private readonly Address[] sources;
    private readonly HostInterface core;
    private readonly Dictionary<(int Socket, Address Group), (FilterMode Mode, Address[] Sources)> wanted = [];
    private readonly byte[] buffer = new byte[9000];
    private Instant now = Instant.Epoch + TimeSpan.FromSeconds(1);

    public HostTarget(Addresses addresses, int number)
    {
        this.addresses = addresses;
        groups = addresses.Groups[..11];
        sources = addresses.Sources[..12];
        var settings = new HostSettings();
        settings = (number % 7) switch
        {
            0 => settings,
            1 => settings with { Mtu = addresses.Dialect.SmallestMtu, RequireRouterAlert = false },
            2 => settings with { Timing = settings.Timing with { RobustnessVariable = 7 }, RequireRouterAlert = false },
            3 => settings with { Version = addresses.Dialect.CurrentVersion - 1 },
            4 => settings with { Version = 1 },
            5 => settings with { FollowsOlderQueriers = false },
            _ => settings with { MaxSources = 64, Mtu = Math.Max(576, addresses.Dialect.SmallestMtu) },
        };
        core = new HostInterface("fuzz", addresses.Dialect, settings, new Random(number));
    }

    public void Feed(FuzzInput input)
    {
        now += input.Wait;
        Apply(input.Bytes is { } packet ? Receive(packet) : Happen(input.Local));
        Invariant.Holds(core.GroupCount <= groups.Length, $"{core.GroupCount} groups are held for sockets that know {groups.Length}");
    }

    public void Finish()
    {
        foreach (var group in groups)
        {
            foreach (var source in sources.Append(addresses.Sender))
            {
                // §3.2 in one sentence: the interface wants what some socket wants.
                var expected =
                    group == core.Dialect.AllSystems
                    || wanted.Any(each =>
                        each.Key.Group == group && each.Value.Sources.Contains(source) == (each.Value.Mode == FilterMode.Include));
                Invariant.Holds(
                    core.Accepts(source, group) == expected,
                    $"{source} to {group} is let through: {core.Accepts(source, group)}, wanted: {expected}");
            }
        }

        for (var socket = 0; socket < Sockets; socket++)
            Apply(core.Close(socket, now));
        Settle();
        Invariant.Holds(core.GroupCount == 0, $"{core.GroupCount} groups are held when every socket is closed and all is told");
        JoinAnswerLeave();
    }

    private void JoinAnswerLeave()
    {
        Told(core.Listen(0, addresses.Untouched, SourceFilter.AnySource, now), RecordType.ToExclude);
        Settle();
        var asked = new QueryContent(
            Generation.Sources, TimeSpan.FromSeconds(10), core.Dialect.Unspecified, false, 2, TimeSpan.FromSeconds(125), []);
        var length = core.Dialect.Write(buffer, new SendQuery(asked, core.Dialect.AllSystems), addresses.Lower);
        core.Dialect.TryRead(buffer.AsSpan(0, length), out var message);
        core.Receive(message, now);
        Invariant.Holds(core.NextDue - now <= asked.MaxResponseTime, $"the answer to a query is due {core.NextDue - now} later");
        now = core.NextDue;
        Told(core.Advance(now), RecordType.IsExclude);
        Told(core.Listen(0, addresses.Untouched, SourceFilter.None, now), RecordType.ToInclude);
        Settle();
        Invariant.Holds(core.GroupCount == 0, $"{core.GroupCount} groups are held after the leave");
    }

    // §5.1, §5.2; RFC 2236 §3 and RFC 1112 Appendix I for hosts that are configured so.
    private void Told(IReadOnlyList<Effect> effects, RecordType type)
    {
        var right = (core.Dialect.GenerationOf(core.Settings.Version), effects) switch
        {
            (Generation.Sources, [SendReport { Report.Records: [{ Sources: [] } record] }]) => record.Type == type
                && record.Group == addresses.Untouched,
            (Generation.Reports, []) => type == RecordType.ToInclude,
            (Generation.Leaves, [SendLeave { Group: var group }]) => type == RecordType.ToInclude && group == addresses.Untouched,
            (< Generation.Sources, [SendOlderReport older]) => type != RecordType.ToInclude
                && older.Generation == core.Dialect.GenerationOf(core.Settings.Version)
                && older.Group == addresses.Untouched,
            _ => false,
        };
        Invariant.Holds(
            right,
            $"{string.Join(", ", effects)} is told, not {type} for {addresses.Untouched} by a host of version {core.Settings.Version}");
    }

    private void Settle()
    {
        for (var steps = 0; core.NextDue != Instant.Never; steps++)
        {
            Invariant.Holds(steps < SettlingSteps, $"after {SettlingSteps} timers there is always another, at {core.NextDue}");
            now = core.NextDue;
            Apply(core.Advance(now));
        }
    }

    private IReadOnlyList<Effect> Receive(byte[] packet) =>
        core.Dialect.TryRead(packet, out var message) == PacketError.None ? core.Receive(message, now) : core.Advance(now);

    private IReadOnlyList<Effect> Happen(int local)
    {
        var dice = local;
        var action = Roll(12);
        if (action == 0)
            return core.LinkUp(now);
        var socket = Roll(Sockets);
        if (action == 1)
        {
            foreach (var key in wanted.Keys.Where(each => each.Socket == socket).ToList())
                wanted.Remove(key);
            return core.Close(socket, now);
        }

        var group = groups[Roll(groups.Length)];
        var mode = (FilterMode)Roll(2);
        var bits = Roll(1 << sources.Length);
        var chosen = sources.Where((_, index) => (bits >> index & 1) != 0).Take(action).ToArray();
        try
        {
            var effects = core.Listen(socket, group, SourceFilter.Of(mode, chosen), now);
            if (mode == FilterMode.Include && chosen.Length == 0)
                wanted.Remove((socket, group));
            else
                wanted[(socket, group)] = (mode, chosen);
            return effects;
        }
        catch (ListenException refused)
        {
            // These groups and sources are sound, and few: only the source-specific range refuses anything (RFC 4604 §2.1).
            Invariant.Holds(
                refused.Error == ListenError.ExcludeInSourceSpecificRange && core.Dialect.IsSourceSpecific(group),
                $"{mode} of {group}: {refused.Message}");
            return core.Advance(now);
        }

        int Roll(int faces)
        {
            var face = dice % faces;
            dice /= faces;
            return face;
        }
    }

    private void Apply(IReadOnlyList<Effect> effects)
    {
        Invariant.Holds(core.NextDue > now, $"a timer that was due at {core.NextDue} still waits at {now}");
        foreach (var effect in effects.OfType<SendAsMember>())
        {
            var length = core.Dialect.Write(buffer, effect, addresses.Member);
            Invariant.Holds(length <= core.Settings.Mtu, $"a message of {length} bytes for an MTU of {core.Settings.Mtu}");
            Invariant.Holds(
                core.Dialect.TryRead(buffer.AsSpan(0, length), out _) == PacketError.None, $"a message that no router would take");
            // §5: 224.0.0.1 is never reported, nor is ff02::1 or what does not leave the host (RFC 9777 §6); §5.1: no empty ALLOW or BLOCK.
            foreach (var record in effect is SendReport { Report: var report } ? report.Records : [])
            {
                Invariant.Holds(core.Dialect.IsReportable(record.Group), $"{record.Group} is reported");
                Invariant.Holds(
                    record.Type is not (RecordType.Allow or RecordType.Block) || record.Sources.Count > 0,
                    $"an empty {record.Type} for {record.Group}");
            }
        }
    }
}
