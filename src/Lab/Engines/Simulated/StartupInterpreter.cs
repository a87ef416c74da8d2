using MulticastLab.Daemon.Settings;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>Runs a node's startup file: exactly the commands that the labs' files use, as far as they mean anything on a simulated LAN.</summary>
internal sealed class StartupInterpreter(SimulatedNode node, Action stateChanged, Timing timing, Func<string, Random> randomFor)
{
    // What the last command that failed has said.
    private string? complaint;

    /// <summary>Runs a file.</summary>
    /// <exception cref="TopologyException">A command that this engine does not know, with its place.</exception>
    public void Run(string file, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var command in new StartupReader(file, variables).Read())
            Run(command);
    }

    /// <summary>Runs commands, line by line, until one fails.</summary>
    /// <param name="commands">The lines.</param>
    /// <param name="name">What stands for the file in errors.</param>
    /// <param name="variables">The environment.</param>
    /// <returns>What the one that failed has said; null when all have worked.</returns>
    /// <exception cref="TopologyException">A command that this engine does not know, with its place.</exception>
    public string? Run(string commands, string name, IReadOnlyDictionary<string, string> variables) =>
        new StartupReader(name, variables).Read(commands.Split('\n')).All(Run) ? null : complaint;

    private bool Run(StartupCommand command)
    {
        var text = string.Join(' ', command.Words.Select(word => word.Text));
        node.Write(text);
        complaint = $"{text}: it has failed";
        return Execute(command.Words) || (command.Otherwise is { } otherwise && Run(otherwise));
    }

    /// <summary>Runs one command; false is the shell's "failed".</summary>
    private bool Execute(IReadOnlyList<StartupWord> words)
    {
        switch (words.Select(word => word.Text).ToArray())
        {
            case ["ip", "address" or "addr", "replace" or "add", _, "dev", _]:
                Port(words[5]).AddAddress(AddressOf(words[3]));
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
            case ["hostagent", "join" or "leave" or "allow" or "block", _, ..]:
                var refusal = MembershipCommands.Run(node.Host, words);
                complaint = refusal ?? complaint;
                return refusal is null;
            default:
                throw words[0].Unknown($"the command '{string.Join(' ', words.Select(word => word.Text))}'");
        }
    }

    private void StartRouter(IReadOnlyList<StartupWord> words)
    {
        var ports = new List<SimulatedPort>();
        var forwards = false;
        var settings = new GivenWords<RouterSettings>(RouterInterfaceSettings.Table, "router");
        var options = new Options(words);
        while (options.Next() is { } option)
        {
            switch (option.Text)
            {
                case "--interface":
                    ports.Add(Port(options.Value()));
                    break;
                case "--forward":
                    forwards = true;
                    break;
                default:
                    settings.Take(option, options);
                    break;
            }
        }

        if (ports.Count == 0)
            throw words[0].Unknown("a router without --interface");
        settings.Check([.. ports.Select(each => each.Name)]);
        node.Router = new SimulatedRouter(node.Clock, randomFor(node.Name), stateChanged, ports.Select(port => (port, settings.For(port.Name))), forwards);
        node.Write("router: ready");
        node.Router.Begin();
    }

    private void StartHost(IReadOnlyList<StartupWord> words)
    {
        SimulatedPort? port = null;
        var settings = new GivenWords<HostSettings>(HostAgentSettings.Table, "host agent");
        var options = new Options(words);
        while (options.Next() is { } option)
        {
            switch (option.Text)
            {
                case "--interface":
                    port = Port(options.Value());
                    break;
                case "--stack":
                    // There is one host stack in this world.
                    options.Value();
                    break;
                default:
                    settings.Take(option, options);
                    break;
            }
        }

        if (port is null)
            throw words[0].Unknown("a host agent without --interface");
        // For its other timers the host has no options; in one world of one lab they are the lab's.
        node.Host = new SimulatedHost(node.Clock, stateChanged, port, settings.For(port.Name, HostAgentSettings.Table.Defaults with { Timing = timing }), randomFor(node.Name));
        node.Write("hostagent: ready");
    }

    private SimulatedPort Port(StartupWord word) =>
        node.Port(word.Text) ?? throw word.Unknown($"an interface '{word.Text}' of {node.Name}: it has {string.Join(", ", node.Ports.Select(port => port.Name))}");

    private SimulatedBridge Bridge(StartupWord word) =>
        node.Bridges.GetValueOrDefault(word.Text) ?? throw word.Unknown($"a bridge '{word.Text}' of {node.Name}: none was added");

    private static Prefix AddressOf(StartupWord word)
    {
        if (Prefix.TryParse(word.Text, out var address) && address.Address.IsV4)
            return address;
        throw word.Unknown($"the address '{word.Text}': an IPv4 address and a prefix length, like 10.0.0.1/24, are needed");
    }

    /// <summary>The words after a command, one after the other; <c>--name=value</c> is two.</summary>
    private sealed class Options
    {
        private readonly List<StartupWord> words;
        private int at = -1;

        public Options(IReadOnlyList<StartupWord> command) => words = [.. command.Skip(2).SelectMany(Split)];

        public StartupWord? Next() => ++at < words.Count ? words[at] : null;

        public StartupWord Value() => at + 1 < words.Count ? words[++at] : throw words[at].Unknown($"'{words[at].Text}' without a value");

        private static IEnumerable<StartupWord> Split(StartupWord word)
        {
            var equals = word.Text.StartsWith("--", StringComparison.Ordinal) ? word.Text.IndexOf('=', StringComparison.Ordinal) : -1;
            return equals < 0 ? [word] : [word with { Text = word.Text[..equals] }, word with { Text = word.Text[(equals + 1)..], Column = word.Column + equals + 1 }];
        }
    }

    /// <summary>The options of a program that are settings, read as the program reads them.</summary>
    private sealed class GivenWords<TOwner>(SettingTable<TOwner> table, string program)
        where TOwner : class
    {
        private readonly GivenSettings<TOwner> given = new();
        private readonly List<StartupWord> values = [];

        public void Take(StartupWord option, Options options)
        {
            if (table.FindOption(option.Text) is not { } setting)
                throw option.Unknown($"the {program}'s option '{option.Text}'");
            if (setting.IsFlag)
            {
                given.Add(setting);
                return;
            }

            var value = options.Value();
            if (setting.Refusal(value.Text) is { } refusal)
                throw value.Unknown($"'{value.Text}' as a value of {option.Text}: it {refusal}");
            given.Add(setting, value.Text);
            values.Add(value);
        }

        /// <summary>Refuses values for an interface that is not served.</summary>
        public void Check(IReadOnlyList<string> interfaces)
        {
            foreach (var (value, only) in given.ForOthersThan(interfaces))
                throw values.Find(each => each.Text == value).Unknown($"what '{value}' is for: this {program} does not serve {only}");
        }

        public TOwner For(string interfaceName, TOwner? defaults = null) => given.Apply(defaults ?? table.Defaults, interfaceName);
    }
}
