using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Packets;
using MulticastLab.Router.Output;

namespace MulticastLab.Router.Cli;

/// <summary><c>router config|set|reload|clear</c>: the configuration of the running router.</summary>
internal static class ConfigurationCommand
{
    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    private static readonly Option<bool> Json = new("--json") { Description = "The answer as JSON" };

    private static readonly Argument<string> InterfaceArgument = new("interface") { Description = "The interface" };

    private static readonly Argument<string[]> Settings = new("settings")
    {
        Description =
            "Names and values, alternating, as in the configuration file; the value 'default' resets a setting. Without any, the names "
                + "are listed",
        HelpName = "NAME VALUE",
    };

    private static readonly Argument<string> What = new("what") { Description = "groups" };

    private static readonly Argument<string?> Group = new("group")
    {
        Description = "The group; without one, all of them",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Interface = new("--interface")
    {
        Description = "The interface; without one, all of them",
        HelpName = "NAME",
    };

    /// <summary><c>router config</c>.</summary>
    public static Command BuildConfig()
    {
        var command = new Command("config", "Print the configuration of the running router as a configuration file.") { Control };
        command.Does(arguments =>
            DaemonCommand.Run(arguments.GetValue(Control), "config", null, answer => answer.GetString()!.TrimEnd('\n')));
        return command;
    }

    /// <summary><c>router set</c>.</summary>
    public static Command BuildSet()
    {
        var command = new Command("set", "Change settings of an interface of the running router; the configuration file stays as it is.")
        {
            InterfaceArgument, Settings, Json, Control,
        };
        command.Does(arguments => DaemonCommand.Run(
            arguments.GetValue(Control),
            "set",
            writer => ControlRequests.Set(writer, arguments.GetRequiredValue(InterfaceArgument), arguments.GetRequiredValue(Settings)),
            Print(arguments)));
        return command;
    }

    /// <summary><c>router reload</c>.</summary>
    public static Command BuildReload()
    {
        var command = new Command("reload", "Have the running router read its configuration file again; only what differs is touched.")
        {
            Json,
            Control,
        };
        command.Does(arguments => DaemonCommand.Run(arguments.GetValue(Control), "reload", null, Print(arguments)));
        return command;
    }

    /// <summary><c>router clear</c>.</summary>
    public static Command BuildClear()
    {
        What.AcceptOnlyFromAmong("groups");
        Group.Validators.Add(CheckGroup);
        var command = new Command("clear", "Drop groups that were learnt; the querier asks at once which are still wanted.")
        {
            What,
            Group,
            Interface,
            Control,
        };
        command.Does(arguments =>
            DaemonCommand.Run(
                arguments.GetValue(Control), "clear",
                writer => ControlRequests.Clear(writer, arguments.GetValue(Interface), arguments.GetValue(Group)),
                ConfigurationText.Cleared));
        return command;
    }

    private static void CheckGroup(ArgumentResult argument)
    {
        if (argument.Tokens is [{ Value: var text }] && !Address.TryParse(text, out _))
            argument.AddError($"'{text}' is not an IP address");
    }

    private static Func<JsonElement, string> Print(ParseResult arguments) =>
        arguments.GetValue(Json) ? answer => answer.GetRawText() : ConfigurationText.Changes;
}
