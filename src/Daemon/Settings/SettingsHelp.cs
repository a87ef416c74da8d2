using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MulticastLab.Daemon.Settings;

/// <summary><c>--help</c>: what the table of settings says of options is put into their descriptions first.</summary>
public sealed class SettingsHelp : SynchronousCommandLineAction
{
    private readonly HelpAction help;
    private readonly Action describe;

    private SettingsHelp(HelpAction help, Action describe)
    {
        this.help = help;
        this.describe = describe;
    }

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Has the help of a program describe its settings.</summary>
    /// <param name="root">The program's command.</param>
    /// <param name="describe">Gives the options their descriptions (<see cref="SettingArguments{TOwner}.Describe"/>).</param>
    public static void AddTo(RootCommand root, Action describe)
    {
        ArgumentNullException.ThrowIfNull(root);
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new SettingsHelp((HelpAction)option.Action!, describe);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        describe();
        return help.Invoke(parseResult);
    }
}
