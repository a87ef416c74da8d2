using MulticastLab.Daemon.Yaml;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>
/// A setting as an command-line option: <c>--query-interval 60</c>, or for one interface <c>--query-interval eth1=60</c>. Programs and
/// simulated nodes read it here, so that one line means the same to both.
/// </summary>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
/// <param name="setting">The setting.</param>
/// <param name="perInterface">Whether a value may name the one interface that it is for.</param>
public sealed class SettingOption<TOwner>(Setting<TOwner> setting, bool perInterface)
    where TOwner : class
{
    /// <summary>The setting.</summary>
    public Setting<TOwner> Setting => setting;

    /// <summary>The option's name: <c>--query-interval</c>.</summary>
    public string Name { get; } = $"--{setting.OptionName}";

    /// <summary>Whether the option takes no value and means <c>true</c>, as that of a Boolean does that is false by default.</summary>
    public bool IsFlag => setting.IsFlag;

    /// <summary>What a help text calls the value: <c>SECONDS</c>; empty for a flag.</summary>
    public string ValueName => IsFlag ? "" : perInterface ? $"[IF=]{setting.Type.ValueName}" : setting.Type.ValueName;

    /// <summary>What a help text says: summary, range, section and default.</summary>
    public string Description
    {
        get
        {
            var range = IsFlag ? "" : $": {setting.Type.ItemDescription}{(setting.Type.IsList ? "; may be given several times" : "")}";
            var section = setting.Section.Length == 0 ? "" : $"{setting.Section}; ";
            return $"{setting.Summary.TrimEnd('.')}{range} ({section}default {setting.WhenUnset})";
        }
    }

    /// <summary>The interface that a value is for; null when it is for all.</summary>
    public string? InterfaceOf(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var at = perInterface ? value.IndexOf('=', StringComparison.Ordinal) : -1;
        return at < 0 ? null : value[..at];
    }

    /// <summary>
    /// What is wrong with a value, with or without an interface before it: <c>must be seconds above 0, not 'fast'</c>; null when nothing
    /// is.
    /// </summary>
    public string? Refusal(string value)
    {
        var problems = new FileProblems("");
        Read([value], problems);
        return problems.Count == 0 ? null : problems.InOrder()[0].Message;
    }

    /// <summary>The owner with what was given.</summary>
    /// <param name="owner">The owner without.</param>
    /// <param name="values">All values that were given, in their order; none for a flag.</param>
    /// <param name="interfaceName">
    /// The interface. Of the values of a list all for it count; of others the last one that names it, otherwise the last one for all.
    /// </param>
    /// <exception cref="FormatException">A value is wrong; ask for its <see cref="Refusal"/> first.</exception>
    public TOwner Apply(TOwner owner, IReadOnlyList<string> values, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (IsFlag)
            return setting.With(owner, true);
        var fitting = values.Where(each => InterfaceOf(each) is not { } only || only == interfaceName).ToList();
        if (fitting.Count == 0)
            return owner;
        if (!setting.Type.IsList)
            fitting = [fitting.FindLast(each => InterfaceOf(each) is not null) ?? fitting[^1]];
        var problems = new FileProblems("");
        return Read(fitting, problems) is { } value
            ? setting.With(owner, value)
            : throw new FormatException($"{Name}: {problems.InOrder()[0].Message}");
    }

    private object? Read(List<string> values, FileProblems problems)
    {
        var words = values.ConvertAll(each => new YamlScalar(
            1, 1, InterfaceOf(each) is { } only ? each[(only.Length + 1)..] : each, IsQuoted: false));
        return setting.Type.IsList
            ? setting.Type.ReadObject(new YamlSequence(1, 1, words), problems)
            : setting.Type.ReadObject(words[0], problems);
    }
}
