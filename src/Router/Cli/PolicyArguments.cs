using System.CommandLine;
using System.CommandLine.Parsing;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Router.Configuration;

namespace MulticastLab.Router.Cli;

/// <summary>The options of <c>router run</c> that are policy: whom to believe, how much to keep, when a leave counts.</summary>
internal static class PolicyArguments
{
    private static readonly IReadOnlyList<Flag> Flags =
        [.. PolicyOption.All.Where(each => each.ValueName is null).Select(each => new Flag(each, new Option<bool>(NameOf(each))))];

    private static readonly IReadOnlyList<WithValue> WithValues =
        [.. PolicyOption.All.Where(each => each.ValueName is not null).Select(each => new WithValue(each, OptionOf(each)))];

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All { get; } = [.. Flags.Select(each => each.Option), .. WithValues.Select(each => each.Option)];

    /// <summary>The settings with what the command line says of this interface.</summary>
    public static RouterSettings Apply(RouterSettings settings, ParseResult arguments, string interfaceName)
    {
        foreach (var (policy, _) in Flags.Where(each => arguments.GetValue(each.Option)))
            settings = policy.Apply(settings, [""], interfaceName);
        return WithValues.Aggregate(settings, (rest, each) => each.Policy.Apply(rest, arguments.GetValue(each.Option) ?? [], interfaceName));
    }

    /// <summary>Gives the options their descriptions.</summary>
    public static void Describe()
    {
        foreach (var (policy, option) in Flags)
            option.Description = DescriptionOf(policy);
        foreach (var (policy, option) in WithValues)
            option.Description = DescriptionOf(policy);
    }

    /// <summary>Adds an error for every value that is for an interface which is not served.</summary>
    public static void Check(CommandResult command, string[] interfaces)
    {
        foreach (var token in WithValues.Select(each => command.GetResult(each.Option)).OfType<OptionResult>().SelectMany(each => each.Tokens))
        {
            if (PolicyOption.InterfaceOf(token.Value) is { } only && !interfaces.Contains(only))
                command.AddError($"'{token.Value}' is for the interface {only}, which is not served");
        }
    }

    private static Option<string[]> OptionOf(PolicyOption policy)
    {
        var option = new Option<string[]>(NameOf(policy)) { HelpName = $"[IF=]{policy.ValueName}" };
        option.Validators.Add(given =>
        {
            foreach (var wrong in given.Tokens.Where(each => !policy.Accepts(each.Value)))
                given.AddError($"{option.Name} is {policy.Form}, with or without INTERFACE= before it, not '{wrong.Value}'");
        });
        return option;
    }

    private static string NameOf(PolicyOption policy) => $"--{policy.Name}";

    // The settings of the file have the same names.
    private static string DescriptionOf(PolicyOption policy)
    {
        var setting = InterfaceSettings.Find(policy.Name) ?? throw new InvalidOperationException($"There is no setting {policy.Name}.");
        return $"{setting.Summary.TrimEnd('.')} ({setting.Section}; default {setting.WhenUnset})";
    }

    private sealed record Flag(PolicyOption Policy, Option<bool> Option);

    private sealed record WithValue(PolicyOption Policy, Option<string[]> Option);
}
