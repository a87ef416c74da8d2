using System.CommandLine;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Commands;

/// <summary>
/// <c>join</c>, <c>leave</c>, <c>allow</c>, <c>block</c>: one request each to a running agent, which answers with what the group's filter
/// is now.
/// </summary>
internal static class MembershipCommand
{
    /// <summary><c>hostagent join GROUP [--include SRC … | --exclude SRC …]</c>.</summary>
    public static Command Join()
    {
        var group = Arguments.Group();
        var include = Arguments.Sources("--include", "Only these sources.");
        var exclude = Arguments.Sources("--exclude", "All sources but these.");
        var control = Arguments.Control();
        var command = new Command(
            "join", "Joins a group, or replaces the filter of one that is joined; without a list all sources are accepted.")
        {
            group, include, exclude, control,
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
            return Ask(parsed, control, "join", writer => HostAgentRequests.Join(writer, parsed.GetValue(group), filter));
        });
        return command;
    }

    /// <summary><c>hostagent leave GROUP</c>.</summary>
    public static Command Leave()
    {
        var group = Arguments.Group();
        var control = Arguments.Control();
        var command = new Command("leave", "Leaves a group.") { group, control };
        command.Does(parsed => Ask(parsed, control, "leave", writer => HostAgentRequests.Leave(writer, parsed.GetValue(group))));
        return command;
    }

    /// <summary><c>hostagent allow GROUP SRC …</c>.</summary>
    public static Command Allow() =>
        OnSources("allow", "Allows sources: adds them in INCLUDE mode, no longer excludes them in EXCLUDE mode.");

    /// <summary><c>hostagent block GROUP SRC …</c>.</summary>
    public static Command Block() =>
        OnSources("block", "Blocks sources: removes them in INCLUDE mode, excludes them in EXCLUDE mode.");

    private static Command OnSources(string name, string description)
    {
        var group = Arguments.Group();
        var sources = Arguments.Sources();
        var control = Arguments.Control();
        var command = new Command(name, description) { group, sources, control };
        command.Does(parsed => Ask(
            parsed, control, name, writer => HostAgentRequests.Change(writer, parsed.GetValue(group), parsed.GetValue(sources) ?? [])));
        return command;
    }

    private static ExitCode Ask(ParseResult parsed, Option<string?> control, string command, Action<Utf8JsonWriter> writeMembers)
    {
        var state = ReceptionStateJson.ReadGroup(AgentClient.Ask(parsed.GetValue(control), command, writeMembers));
        parsed.InvocationConfiguration.Output.WriteLine(AgentClient.Line(state));
        return ExitCode.Ok;
    }
}
