using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MulticastLab.Router.Cli;

/// <summary><c>--help</c>: what the table of settings says of options is put into their descriptions first.</summary>
internal sealed class SettingsHelp(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        RunCommand.Describe();
        return help.Invoke(parseResult);
    }
}
