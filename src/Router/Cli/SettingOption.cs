using System.CommandLine.Completions;
using System.CommandLine;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;
using MulticastLab.Router.Configuration;

namespace MulticastLab.Router.Cli;

/// <summary>
/// A setting as an option of <c>router run</c>, for all interfaces: a row of the table of settings, with its range, its default and its words.
/// The table is looked into when the option is given or help is asked for: to make it takes time, which a start has not.
/// </summary>
internal sealed class SettingOption
{
    private readonly string name;
    private readonly Option<object?> option;

    private SettingOption(string name, string valueName, string? optionName = null)
    {
        this.name = name;
        option = new Option<object?>(optionName ?? $"--{name}")
        {
            HelpName = valueName,
            CustomParser = argument =>
            {
                var problems = new FileProblems("");
                var value = Setting.Type.ReadObject(new YamlScalar(1, 1, argument.Tokens[0].Value, IsQuoted: false), problems);
                foreach (var problem in problems.InOrder())
                    argument.AddError($"{option!.Name}: {problem.Message}");
                return value;
            },
        };
        option.CompletionSources.Add(_ => Setting.Type.Words.Select(each => new CompletionItem(each)));
    }

    /// <summary>The version and the timers.</summary>
    public static IReadOnlyList<SettingOption> All { get; } =
    [
        new("version", "N", "--igmp-version"),
        new("oldest-version", "N"),
        new("query-interval", "SECONDS"),
        new("query-max-response-time", "SECONDS"),
        new("last-member-query-interval", "SECONDS"),
        new("last-member-query-count", "N"),
        new("robustness-variable", "N"),
        new("startup-query-interval", "SECONDS"),
        new("startup-query-count", "N"),
        new("unsolicited-report-interval", "SECONDS"),
    ];

    /// <summary>The setting.</summary>
    public Setting<RouterSettings> Setting => InterfaceSettings.Find(name) ?? throw new InvalidOperationException($"There is no setting {name}.");

    /// <summary>The option.</summary>
    public Option Option => option;

    /// <summary>Gives the option its description.</summary>
    public void Describe() =>
        option.Description = $"{Setting.Summary.TrimEnd('.')}: {Setting.Type.Description} ({Setting.Section}; default {Setting.WhenUnset})";

    /// <summary>The settings with what the command line says. What it does not say stays unset: other values may follow it.</summary>
    public RouterSettings Apply(RouterSettings settings, ParseResult arguments) =>
        arguments.GetValue(option) is { } value ? Setting.With(settings, value) : settings;
}
