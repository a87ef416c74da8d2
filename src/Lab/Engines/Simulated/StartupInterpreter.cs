using MulticastLab.Daemon.Settings;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// Runs a node's startup file: exactly the commands that the labs' files use, as far as they mean anything on a simulated LAN.
/// </summary>
internal sealed class StartupInterpreter(SimulatedNode node, Action stateChanged, LabOptions lab, Func<string, Random> randomFor)
{
    // The error message of the last command that failed.
    private string? complaint;

    /// <summary>Runs a file.</summary>
    /// <exception cref="InvalidFileException">A command that this engine does not know, with its place.</exception>
    public void Run(string file, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var command in new StartupReader(file, variables).Read())
            Run(command);
    }

    /// <summary>Runs commands, line by line, until one fails.</summary>
    /// <param name="commands">The lines.</param>
    /// <param name="name">The name used for the file in errors.</param>
    /// <param name="variables">The environment.</param>
    /// <returns>The message of the one that failed; null when all succeeded.</returns>
    /// <exception cref="InvalidFileException">A command that this engine does not know, with its place.</exception>
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
                Port(words[5]).AddAddress(SubnetOf(words[3]));
                return true;
            case ["ip", "address" or "addr", "replace" or "add", _, "peer", _, "dev", _]:
                Port(words[7]).AddAddress(EndOf(words[3]), EndOf(words[5]));
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
                if (settings is not ([] or ["mcast_snooping", "0" or "1"]))
                    throw words[7].Unknown("bridges with other settings than 'mcast_snooping 0' and 'mcast_snooping 1'");
                // As the kernel's, a bridge snoops unless it is told not to.
                return node.Bridges.TryAdd(
                    name, new SimulatedBridge(settings is [_, "0"] ? null : new BridgeSnooping(node.Clock, lab.Dialect)));
            case ["ip", "route", "replace" or "add", _, _, ..]:
                return AddRoute(words);
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
        var options = RouterCommandLine.Read(node, words) with { Dialect = lab.Dialect };
        node.Router = new SimulatedRouter(node, randomFor(node.Name), stateChanged, options);
        node.Write("router: ready");
        node.Router.Begin();
    }

    private void StartHost(IReadOnlyList<StartupWord> words)
    {
        SimulatedPort? port = null;
        var settings = new GivenWords<HostSettings>(HostAgentSettings.Table, "host agent");
        var options = new StartupOptions(words);
        while (options.Next() is { } option)
        {
            switch (option.Text)
            {
                case "--interface":
                    port = Port(options.Value());
                    break;
                case "--stack" or "--control":
                    // There is one host stack in this world, and no control socket.
                    options.Value();
                    break;
                case "--keep-limits":
                    // They are a kernel's.
                    break;
                default:
                    settings.Take(option, options);
                    break;
            }
        }

        if (port is null)
            throw words[0].Unknown("a host agent without --interface");
        // For its other timers the host has no options; in a simulated lab they are the lab's.
        var defaults = HostAgentSettings.Table.Defaults with { Timing = lab.Timing };
        node.Host = new SimulatedHost(node.Clock, lab.Dialect, stateChanged, port, settings.For(port.Name, defaults), randomFor(node.Name));
        node.Write("hostagent: ready");
    }

    private SimulatedPort Port(StartupWord word) => node.RequirePort(word);

    private SimulatedBridge Bridge(StartupWord word) =>
        node.Bridges.GetValueOrDefault(word.Text) ?? throw word.Unknown($"a bridge '{word.Text}' of {node.Name}: none was added");

    // Unicast packets do not use routes in this world; these give a router the reverse paths of sources.
    private bool AddRoute(IReadOnlyList<StartupWord> words)
    {
        var destination = words[3].Text == "default" ? new Prefix(Address.AnyV4, 0) : DestinationOf(words[3]);
        var (port, gateway) = ((SimulatedPort?)null, (Address?)null);
        for (var i = 4; i < words.Count; i += 2)
        {
            var value = i + 1 < words.Count ? words[i + 1] : throw words[i].Unknown($"'{words[i].Text}' without a value");
            switch (words[i].Text)
            {
                case "dev":
                    port = Port(value);
                    break;
                case "via":
                    if (!Address.TryParse(value.Text, out var address) || !address.IsV4)
                        throw value.Unknown($"the gateway '{value.Text}'");
                    gateway = address;
                    break;
                default:
                    throw words[i].Unknown($"'{words[i].Text}' of a route, only 'via' and 'dev'");
            }
        }

        if ((port ?? node.Routes.ConnectedTo(gateway!.Value)) is not { } way)
        {
            complaint = $"ip: {gateway} is on no network of {node.Name}";
            return false;
        }

        if (node.Routes.Add(destination, way, replace: words[2].Text == "replace"))
            return true;
        complaint = $"ip: there is a route to {destination} already";
        return false;
    }

    private static Prefix DestinationOf(StartupWord word)
    {
        if (Prefix.TryParse(word.Text, out var prefix) && prefix.Address.IsV4)
            return prefix;
        if (Address.TryParse(word.Text, out var address) && address.IsV4)
            return new Prefix(address, 32);
        throw word.Unknown($"the destination '{word.Text}'");
    }

    private static Prefix SubnetOf(StartupWord word)
    {
        if (Prefix.TryParse(word.Text, out var address) && address.Address.IsV4)
            return address;
        throw word.Unknown($"the address '{word.Text}': an IPv4 address and a prefix length, like 10.0.0.1/24, are needed");
    }

    // ip address add 10.0.0.1 peer 10.0.0.2: alone, where nothing else is said.
    private static Prefix EndOf(StartupWord word) =>
        Address.TryParse(word.Text, out var alone) && alone.IsV4 ? new Prefix(alone, 32) : SubnetOf(word);
}
