using System.CommandLine;
using System.CommandLine.Parsing;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner join|leave|block|allow NODE GROUP …</c>: the host agent's commands, given from outside the node.</summary>
internal static class MembershipCommands
{
    public static IEnumerable<Command> CreateAll(Terminal terminal)
    {
        var include = Sources("--include", "Only from these sources (filter mode INCLUDE)");
        var exclude = Sources("--exclude", "From all but these sources (filter mode EXCLUDE)");
        var join = Create(terminal, "join", "Let a host join a group, or replace its filter there",
            parsed => [.. Words(parsed, include), .. Words(parsed, exclude)], include, exclude);
        join.Validators.Add(result =>
        {
            if (result.GetResult(include) is not null && result.GetResult(exclude) is not null)
                result.AddError("--include and --exclude exclude each other.");
        });
        yield return join;
        yield return Create(terminal, "leave", "Let a host leave a group", _ => []);
        foreach (var (name, description) in new[]
        {
            ("allow", "Let a host allow sources of a group"),
            ("block", "Let a host block sources of a group"),
        })
        {
            var sources = new Argument<Address[]>("source")
            {
                Description = "Source addresses",
                Arity = ArgumentArity.OneOrMore,
                CustomParser = Addresses,
            };
            yield return Create(
                terminal, name, description, parsed => [.. parsed.GetRequiredValue(sources).Select(each => each.ToString())], sources);
        }
    }

    private static Command Create(
        Terminal terminal, string name, string description, Func<ParseResult, string[]> rest, params Symbol[] symbols)
    {
        var node = LabSelection.Node();
        var group = new Argument<Address>("group") { Description = "A multicast group", CustomParser = Group };
        var lab = LabSelection.Option();
        var json = Common.Json("The host's groups as JSON on standard output");
        var command = new Command(name, description) { node, group };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }

        command.Add(lab);
        command.Add(json);
        return command.Does(
            terminal,
            async (parsed, cancellation) =>
            {
                var record = LabSelection.Enter(parsed.GetValue(lab));
                var host = LabSelection.NodeOf(record, parsed.GetRequiredValue(node));
                if (!host.HasHostAgent)
                    throw new CommandException(
                        ExitCode.Usage, host.Kind == NodeKind.Host ? $"{host.Name} has no host agent" : $"{host.Name} is not a host",
                        Hosts(record));
                string[] words = ["hostagent", name, parsed.GetRequiredValue(group).ToString(), .. rest(parsed)];
                // The agent itself says what has become of the group.
                return parsed.GetValue(json)
                    ? await RunForJson(terminal, record, host.Name, words, cancellation).ConfigureAwait(false)
                    : (ExitCode)ExecCommand.Run(record, host.Name, words);
            });
    }

    private static async Task<ExitCode> RunForJson(
        Terminal terminal, LabRecord record, string host, string[] words, CancellationToken cancellation)
    {
        var running = await RealEngine.Attach(record, cancellation).ConfigureAwait(false);
        await using (running.ConfigureAwait(false))
        {
            // The words are the options' own names, and addresses: nothing that means anything to a shell.
            var result = await running.Execute(host, string.Join(' ', words), cancellation).ConfigureAwait(false);
            if (result.ExitCode == 0)
                await StateCommand.ShowHost(terminal, running, host, asJson: true, cancellation).ConfigureAwait(false);
            else
                await terminal.Error.WriteAsync(result.Output + result.Error).ConfigureAwait(false);
            return (ExitCode)result.ExitCode;
        }
    }

    private static string Hosts(LabRecord lab) =>
        $"hosts: {string.Join(", ", lab.Topology.Nodes.Where(node => node.HasHostAgent).Select(node => node.Name))}";

    private static Option<Address[]> Sources(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "source",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Addresses,
    };

    private static IEnumerable<string> Words(ParseResult parsed, Option<Address[]> sources) =>
        parsed.GetValue(sources) is { Length: > 0 } given ? given.Select(each => each.ToString()).Prepend(sources.Name) : [];

    private static Address Group(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Address.TryParse(text, out var group) && group.IsMulticast)
            return group;
        result.AddError($"'{text}' is not a multicast address.");
        return default;
    }

    private static Address[] Addresses(ArgumentResult result)
    {
        var sources = new List<Address>();
        foreach (var token in result.Tokens)
        {
            if (Address.TryParse(token.Value, out var source))
                sources.Add(source);
            else
                result.AddError($"'{token.Value}' is not an IP address.");
        }

        return [.. sources];
    }
}
