using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace MulticastLab.Daemon.Settings;

/// <summary>The options of a command that are settings: a row of the table each, with its range, its default and its words.</summary>
/// <typeparam name="TOwner">The record that holds the settings.</typeparam>
public sealed class SettingArguments<TOwner>
    where TOwner : class
{
    private readonly List<SettingArgument> all;

    /// <summary>Makes the options.</summary>
    /// <param name="options">The settings.</param>
    public SettingArguments(IEnumerable<SettingOption<TOwner>> options) =>
        all = [.. options.Select(each => new SettingArgument(each, each.IsFlag ? new Option<bool>(each.Name) : WithValue(each)))];

    /// <summary>The options, in the order of the table.</summary>
    public IEnumerable<Option> Options => all.Select(each => each.Option);

    /// <summary>Gives the options what only a help text needs: their descriptions and what their values are called.</summary>
    public void Describe()
    {
        foreach (var (setting, option) in all)
        {
            option.Description = setting.Description;
            if (!setting.IsFlag)
                option.HelpName = setting.ValueName;
        }
    }

    /// <summary>What a command line gives, while it is being checked.</summary>
    public GivenSettings<TOwner> Given(CommandResult command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Given(command.GetResult);
    }

    /// <summary>What a command line gives.</summary>
    public GivenSettings<TOwner> Given(ParseResult arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Given(arguments.GetResult);
    }

    /// <summary>Adds an error for every value that is for an interface which is not served.</summary>
    public void Check(CommandResult command, string[] interfaces)
    {
        ArgumentNullException.ThrowIfNull(command);
        foreach (var (value, only) in Given(command).ForOthersThan(interfaces))
            command.AddError($"'{value}' is for the interface {only}, which is not served");
    }

    private GivenSettings<TOwner> Given(Func<Option, OptionResult?> find)
    {
        var given = new GivenSettings<TOwner>();
        foreach (var (setting, option) in all)
        {
            if (find(option) is { Implicit: false } found && (!setting.IsFlag || found.GetValueOrDefault<bool>()))
                given.Add(setting, setting.IsFlag ? [] : found.Tokens.Select(each => each.Value));
        }

        return given;
    }

    private static Option<string[]> WithValue(SettingOption<TOwner> setting)
    {
        var option = new Option<string[]>(setting.Name);
        option.Validators.Add(given =>
        {
            foreach (var value in given.Tokens.Select(each => each.Value))
            {
                if (setting.Refusal(value) is { } refusal)
                    given.AddError($"{option.Name}: {refusal}");
            }
        });
        option.CompletionSources.Add(_ => setting.Setting.Type.Words.Select(each => new CompletionItem(each)));
        return option;
    }

    private sealed record SettingArgument(SettingOption<TOwner> Setting, Option Option);
}
