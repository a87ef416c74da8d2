using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>Runs a node's startup file: exactly the commands that the labs' files use, as far as they mean anything on a simulated LAN.</summary>
internal sealed class StartupInterpreter(SimulatedNode node, Action stateChanged, Timing timing, Func<string, Random> randomFor)
{
    /// <exception cref="TopologyException">A command that this engine does not know, with its place.</exception>
    public void Run(string file, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var command in new StartupReader(file, variables).Read())
            Run(command);
    }

    private void Run(StartupCommand command)
    {
        node.Write(string.Join(' ', command.Words.Select(word => word.Text)));
        if (!Execute(command.Words) && command.Otherwise is { } otherwise)
            Run(otherwise);
    }

    /// <summary>Runs one command; false is the shell's "failed".</summary>
    private bool Execute(IReadOnlyList<StartupWord> words)
    {
        switch (words.Select(word => word.Text).ToArray())
        {
            case ["ip", "address" or "addr", "replace" or "add", _, "dev", _]:
                Port(words[5]).Address ??= Prefix(words[3]);
                return true;
            case ["ip", "link", "set", var name, "up" or "down"] when node.Bridges.TryGetValue(name, out var bridge):
                bridge.Up = words[4].Text == "up";
                return true;
            case ["ip", "link", "set", _, "up" or "down"]:
                Port(words[3]).SetUp(words[4].Text == "up");
                return true;
            case ["ip", "link", "set", _, "master", _]:
                Bridge(words[5]).Add(Port(words[3]));
                return true;
            case ["ip", "link", "show", var name]:
                return node.Bridges.ContainsKey(name) || node.Port(name) is not null;
            case ["ip", "link", "add", "name", var name, "type", "bridge", .. var settings]:
                if (settings is not ([] or ["mcast_snooping", "0"]))
                    throw words[7].Unknown("bridges with other settings than 'mcast_snooping 0'");
                return node.Bridges.TryAdd(name, new SimulatedBridge());
            case ["ip", "route", "replace" or "add", ..]:
                // Multicast leaves by the interface that it is sent on; unicast routes decide nothing in this world.
                return true;
            case ["router", "run", ..]:
                StartRouter(words);
                return true;
            case ["hostagent", "run", ..]:
                StartHost(words);
                return true;
            default:
                throw words[0].Unknown($"the command '{string.Join(' ', words.Select(word => word.Text))}'");
        }
    }

    private void StartRouter(IReadOnlyList<StartupWord> words)
    {
        var ports = new List<SimulatedPort>();
        var settings = new RouterSettings();
        var forwards = false;
        var policies = new List<(PolicyOption Policy, StartupWord Value)>();
        var options = new Options(words);
        while (options.Next() is { } option)
        {
            var set = settings.Timing;
            switch (option.Text)
            {
                case "--interface":
                    ports.Add(Port(options.Value()));
                    continue;
                case "--forward":
                    forwards = true;
                    continue;
                case "--verify-source-subnet" or "--join-group":
                    throw option.Unknown($"how to be a router with '{option.Text}': use --engine namespaces");
                case "--igmp-version":
                    settings = settings with { Version = options.Count() };
                    continue;
                case "--oldest-version":
                    settings = settings with { OldestVersion = options.Count() };
                    continue;
                case "--robustness-variable":
                    set = set with { RobustnessVariable = options.Count() };
                    break;
                case "--query-interval":
                    set = set with { QueryInterval = options.Seconds() };
                    break;
                case "--query-max-response-time":
                    set = set with { QueryResponseInterval = options.Seconds() };
                    break;
                case "--startup-query-interval":
                    set = set with { StartupQueryInterval = options.Seconds() };
                    break;
                case "--startup-query-count":
                    set = set with { StartupQueryCount = options.Count() };
                    break;
                case "--unsolicited-report-interval":
                    set = set with { UnsolicitedReportInterval = options.Seconds() };
                    break;
                case "--last-member-query-interval":
                    set = set with { LastMemberQueryInterval = options.Seconds() };
                    break;
                case "--last-member-query-count":
                    set = set with { LastMemberQueryCount = options.Count() };
                    break;
                default:
                    if (PolicyOption.All.FirstOrDefault(each => option.Text == "--" + each.Name) is not { } policy)
                        throw option.Unknown($"the router's option '{option.Text}'");
                    policies.Add((policy, policy.ValueName is null ? option with { Text = "" } : options.ValueOf(policy)));
                    continue;
            }

            settings = settings with { Timing = set };
        }

        if (ports.Count == 0)
            throw words[0].Unknown("a router without --interface");
        foreach (var (_, value) in policies)
        {
            if (PolicyOption.InterfaceOf(value.Text) is { } only && ports.TrueForAll(each => each.Name != only))
                throw value.Unknown($"what '{value.Text}' is for: this router does not serve {only}");
        }

        var byPolicy = policies.GroupBy(each => each.Policy, each => each.Value.Text).ToList();
        node.Router = new SimulatedRouter(node.Clock, randomFor(node.Name), stateChanged,
            ports.Select(port => (port, byPolicy.Aggregate(settings, (rest, each) => each.Key.Apply(rest, each, port.Name)))), forwards);
        node.Write("router: ready");
        node.Router.Begin();
    }

    private void StartHost(IReadOnlyList<StartupWord> words)
    {
        SimulatedPort? port = null;
        // For its other timers the host has no options; in one world of one lab they are the lab's.
        var settings = new HostSettings { Timing = timing };
        var options = new Options(words);
        while (options.Next() is { } option)
        {
            switch (option.Text)
            {
                case "--interface":
                    port = Port(options.Value());
                    break;
                case "--igmp-version":
                    settings = settings with { Version = HostVersion(options.Value()) };
                    break;
                case "--unsolicited-report-interval":
                    settings = settings with { Timing = settings.Timing with { UnsolicitedReportInterval = options.Seconds() } };
                    break;
                case "--ignore-older-queriers":
                    settings = settings with { FollowsOlderQueriers = false };
                    break;
                case "--stack":
                    // There is one host stack in this world.
                    options.Value();
                    break;
                default:
                    throw option.Unknown($"the host agent's option '{option.Text}'");
            }
        }

        if (port is null)
            throw words[0].Unknown("a host agent without --interface");
        node.Host = new SimulatedHost(node.Clock, stateChanged, port, settings, randomFor(node.Name));
        node.Write("hostagent: ready");
    }

    private static int HostVersion(StartupWord word) => word.Text is ['1' or '2' or '3']
        ? word.Text[0] - '0'
        : throw word.Unknown($"the IGMP version '{word.Text}': 1, 2 or 3");

    private SimulatedPort Port(StartupWord word) =>
        node.Port(word.Text) ?? throw word.Unknown($"an interface '{word.Text}' of {node.Name}: it has {string.Join(", ", node.Ports.Select(port => port.Name))}");

    private SimulatedBridge Bridge(StartupWord word) =>
        node.Bridges.GetValueOrDefault(word.Text) ?? throw word.Unknown($"a bridge '{word.Text}' of {node.Name}: none was added");

    private static Address Prefix(StartupWord word)
    {
        var parts = word.Text.Split('/');
        if (parts.Length == 2 && Address.TryParse(parts[0], out var address) && address.IsV4
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= 32)
            return address;
        throw word.Unknown($"the address '{word.Text}': an IPv4 address and a prefix length, like 10.0.0.1/24, are needed");
    }

    private sealed class Options(IReadOnlyList<StartupWord> words)
    {
        private int at = 1;

        public StartupWord? Next() => ++at < words.Count ? words[at] : null;

        public StartupWord Value() => at + 1 < words.Count ? words[++at] : throw words[at].Unknown($"'{words[at].Text}' without a value");

        public int Count()
        {
            var word = Value();
            return int.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
                ? count
                : throw word.Unknown($"the count '{word.Text}'");
        }

        public StartupWord ValueOf(PolicyOption policy)
        {
            var word = Value();
            return policy.Accepts(word.Text) ? word : throw word.Unknown($"'{word.Text}' as a value of --{policy.Name}: {policy.Form}");
        }

        public TimeSpan Seconds()
        {
            var word = Value();
            return decimal.TryParse(word.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
                ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
                : throw word.Unknown($"the duration '{word.Text}': seconds are needed");
        }
    }
}
