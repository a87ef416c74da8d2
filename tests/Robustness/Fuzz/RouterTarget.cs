using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>A router interface behind its real packet entry: bytes, the dialect's reader, core.</summary>
internal sealed class RouterTarget : IFuzzTarget
{
    private const int StateCheckedEvery = 64;

    private readonly Addresses addresses;
    private readonly RouterSettings[] configurations;
    private readonly RouterInterface core;
    private readonly RouterStateCheck check;
    private readonly byte[] buffer = new byte[9000];
    private Instant now = Instant.Epoch + TimeSpan.FromSeconds(1);
    private int fed;

    public RouterTarget(Addresses addresses, int number)
    {
        this.addresses = addresses;
        configurations = Configurations(addresses);
        core = new RouterInterface("fuzz", addresses.Dialect, configurations[number % configurations.Length]);
        check = new RouterStateCheck(core, addresses);
        Apply(core.LinkUp(addresses.Own, now), wasQuerier: true);
    }

    public void Feed(FuzzInput input)
    {
        now += input.Wait;
        var wasQuerier = core.IsUp && core.IsQuerier;
        Apply(input.Bytes is { } packet ? Receive(packet) : Happen(input.Local), wasQuerier);
        if (++fed % StateCheckedEvery == 0)
            check.State(now);
    }

    public void Finish()
    {
        check.State(now);
        new RouterAftermath(core, addresses, now).Check();
    }

    // Every limit of the protocol and of the configuration (RFC 9776 §8, §9).
    private static RouterSettings[] Configurations(Addresses addresses)
    {
        var current = addresses.Dialect.CurrentVersion;
        var timing = new Timing();
        var settings = new RouterSettings();
        return
        [
            settings,
            settings with { Timing = timing with { RobustnessVariable = 1 } },
            settings with { Timing = timing with { RobustnessVariable = 255, LastMemberQueryCount = 3 } },
            settings with
            {
                Timing = timing with
                {
                    QueryInterval = TimeSpan.FromSeconds(2),
                    QueryResponseInterval = TimeSpan.FromSeconds(1),
                    LastMemberQueryInterval = TimeSpan.FromMilliseconds(100),
                },
            },
            settings with { Timing = timing with { LastMemberQueryInterval = TimeSpan.FromSeconds(60), LastMemberQueryCount = 7 } },
            settings with { Mtu = addresses.Dialect.SmallestMtu },
            settings with { RequireRouterAlert = true, AcceptedSenders = [addresses.Lan] },
            settings with { SourceSpecificRange = [] },
            settings with { Version = current - 1, OldestVersion = current - 1 },
            settings with { Version = 1 },
            settings with { OldestVersion = current, MaxGroups = 3, MaxSources = 12, MaxSourcesPerGroup = 5 },
            settings with { ExplicitTracking = true, MaxHosts = 10, ImmediateLeave = ImmediateLeave.Tracked },
            settings with { ImmediateLeave = ImmediateLeave.Always, ImmediateLeaveScope = LeaveScope.SourceSpecific },
            settings with { ImmediateLeave = ImmediateLeave.Always },
            settings with
            {
                SsmMappings = [new SsmMapping(new Prefix(addresses.Groups[6], addresses.Groups[6].Length * 8), addresses.Sources[0])],
            },
        ];
    }

    private IReadOnlyList<Effect> Receive(byte[] packet)
    {
        if (core.Dialect.TryRead(packet, out var message) != PacketError.None)
            return core.Advance(now);
        if (message.Kind == MessageKind.Report)
            check.Named(message.Report, now);
        else if (message.Kind == MessageKind.GroupMessage)
            check.Named(message.GroupMessage.Group, now);
        return core.Receive(message, now);
    }

    private IReadOnlyList<Effect> Happen(int local) => (local % 7) switch
    {
        0 => core.LinkDown(now),
        1 => core.LinkUp(addresses.Lower, now),
        < 4 => core.LinkUp(addresses.Own, now),
        _ => Configure(configurations[local / 7 % configurations.Length]),
    };

    private IReadOnlyList<Effect> Configure(RouterSettings settings)
    {
        var effects = core.Configure(settings, now);
        check.Configured(now);
        return effects;
    }

    private void Apply(IReadOnlyList<Effect> effects, bool wasQuerier)
    {
        Invariant.Holds(core.NextDue > now, $"a timer that was due at {core.NextDue} still waits at {now}");
        var mayAsk = wasQuerier || core.IsQuerier;
        foreach (var effect in effects)
        {
            if (effect is StateChanged { What: StateChange.QuerierChanged })
                mayAsk = true;
            if (effect is not SendQuery { Query: var query } send)
                continue;
            // §6.6.2: "only the querier sends queries".
            Invariant.Holds(mayAsk, $"a router that is not the querier asks {query}");
            var length = core.Dialect.Write(buffer, send, addresses.Own);
            Invariant.Holds(length <= core.Settings.Mtu, $"a query of {length} bytes for an MTU of {core.Settings.Mtu}");
            Invariant.Holds(
                core.Dialect.TryRead(buffer.AsSpan(0, length), out _) == PacketError.None, $"a query that no host would take: {query}");
        }
    }
}
