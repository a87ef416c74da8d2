using System.CommandLine;
using MulticastLab.Membership.Router;
using MulticastLab.Router.Configuration;

namespace MulticastLab.Router.Cli;

/// <summary>
/// A setting as an option of <c>router run</c>, for all interfaces: a row of the table of settings, with its range, its default and its words.
/// </summary>
internal sealed class SettingOption
{
    private readonly Option<object?> option;

    private SettingOption(string name, string valueName, string? optionName = null)
    {
        Setting = InterfaceSettings.Find(name) ?? throw new ArgumentException($"There is no setting {name}.");
        optionName ??= $"--{name}";
        option = new Option<object?>(optionName)
        {
            Description = $"{Setting.Summary.TrimEnd('.')}: {Setting.Type.Description} ({Setting.Section}; default {Setting.WhenUnset})",
            HelpName = valueName,
            CustomParser = argument =>
            {
                var problems = new Problems();
                var value = Setting.Type.ReadObject(new YamlScalar(1, 1, argument.Tokens[0].Value, IsQuoted: false), problems);
                foreach (var problem in problems.InOrder())
                    argument.AddError($"{optionName}: {problem.Text}");
                return value;
            },
        };
        if (Setting.Type.Words.Count > 0)
            option.CompletionSources.Add([.. Setting.Type.Words]);
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
    ];

    /// <summary>The setting.</summary>
    public Setting<RouterSettings> Setting { get; }

    /// <summary>The option.</summary>
    public Option Option => option;

    /// <summary>The settings with what the command line says. What it does not say stays unset: other values may follow it.</summary>
    public RouterSettings Apply(RouterSettings settings, ParseResult arguments) =>
        arguments.GetValue(option) is { } value ? Setting.With(settings, value) : settings;
}
