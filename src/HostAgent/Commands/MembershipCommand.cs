using System.CommandLine;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Commands;

/// <summary>
/// <c>join</c>, <c>leave</c>, <c>allow</c>, <c>block</c>, <c>listen</c>: one request each to a running agent, which answers with what the
/// socket's filter for the group is now.
/// </summary>
internal static class MembershipCommand
{
    /// <summary><c>hostagent join GROUP [--include SRC … | --exclude SRC …]</c>.</summary>
    public static Command Join()
    {
        var group = Arguments.Group();
        var include = Arguments.Sources("--include", "Only these sources.");
        var exclude = Arguments.Sources("--exclude", "All sources but these.");
        var (socket, control) = (Arguments.Socket(), Arguments.Control());
        var command = new Command(
            "join", "Joins a group, or replaces the filter of one that is joined; without a list all sources are accepted.")
        {
            group, include, exclude, socket, control,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(include) is not null && result.GetResult(exclude) is not null)
                result.AddError("--include and --exclude cannot be combined: a filter has one mode");
        });
        command.Does(parsed =>
        {
            var included = parsed.GetValue(include);
            var filter = included is { Length: > 0 }
                ? SourceFilter.Of(FilterMode.Include, included)
                : SourceFilter.Of(FilterMode.Exclude, parsed.GetValue(exclude) ?? []);
            ListenRules.Check(parsed.GetValue(group), filter);
            return Set(parsed, "join", control, group, filter, socket);
        });
        return command;
    }

    /// <summary><c>hostagent leave GROUP</c>.</summary>
    public static Command Leave()
    {
        var group = Arguments.Group();
        var (socket, control) = (Arguments.Socket(), Arguments.Control());
        var command = new Command("leave", "Leaves a group.") { group, socket, control };
        command.Does(parsed => Ask(
            parsed, parsed.GetValue(control), "leave",
            writer => HostAgentRequests.Leave(writer, parsed.GetValue(group), parsed.GetValue(socket))));
        return command;
    }

    /// <summary><c>hostagent allow GROUP SRC …</c>.</summary>
    public static Command Allow() =>
        OnSources("allow", "Allows sources: adds them in INCLUDE mode, no longer excludes them in EXCLUDE mode.");

    /// <summary><c>hostagent block GROUP SRC …</c>.</summary>
    public static Command Block() =>
        OnSources("block", "Blocks sources: removes them in INCLUDE mode, excludes them in EXCLUDE mode.");

    /// <summary>
    /// <c>hostagent listen GROUP include|exclude [SRC …]</c>: IPMulticastListen of RFC 9776 §2, for scripts. What is refused is up to the
    /// stack.
    /// </summary>
    public static Command Listen()
    {
        var group = Arguments.Group();
        var mode = new Argument<string>("MODE") { Description = "include or exclude." };
        mode.AcceptOnlyFromAmong("include", "exclude");
        var sources = Arguments.Sources(ArgumentArity.ZeroOrMore);
        var (socket, control) = (Arguments.Socket(), Arguments.Control());
        var command = new Command(
            "listen", "Sets a socket's filter for a group, whatever it was (RFC 9776 §2); include without sources leaves, joined or not.")
        {
            group, mode, sources, socket, control,
        };
        command.Does(parsed => Set(
            parsed, "listen", control, group,
            SourceFilter.Of(parsed.GetValue(mode) == "include" ? FilterMode.Include : FilterMode.Exclude, parsed.GetValue(sources) ?? []),
            socket));
        return command;
    }

    private static Command OnSources(string name, string description)
    {
        var group = Arguments.Group();
        var sources = Arguments.Sources(ArgumentArity.OneOrMore);
        var (socket, control) = (Arguments.Socket(), Arguments.Control());
        var command = new Command(name, description) { group, sources, socket, control };
        command.Does(parsed => Ask(
            parsed, parsed.GetValue(control), name,
            writer => HostAgentRequests.Change(
                writer, parsed.GetValue(group), parsed.GetValue(sources) ?? [], parsed.GetValue(socket))));
        return command;
    }

    private static ExitCode Set(
        ParseResult parsed, string command, Option<string?> control, Argument<Address> group, SourceFilter filter,
        Option<string?> socket) => Ask(
        parsed, parsed.GetValue(control), command,
        writer => HostAgentRequests.Join(writer, parsed.GetValue(group), filter, parsed.GetValue(socket)));

    private static ExitCode Ask(ParseResult parsed, string? control, string command, Action<Utf8JsonWriter> writeMembers)
    {
        var state = ReceptionStateJson.ReadGroup(AgentClient.Ask(control, command, writeMembers));
        parsed.InvocationConfiguration.Output.WriteLine(AgentClient.Line(state));
        return ExitCode.Ok;
    }
}
