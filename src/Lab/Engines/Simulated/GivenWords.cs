using MulticastLab.Daemon.Settings;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The options of a program that are settings, read as the program reads them.</summary>
internal sealed class GivenWords<TOwner>(SettingTable<TOwner> table, string program)
    where TOwner : class
{
    private readonly GivenSettings<TOwner> given = new();
    private readonly List<StartupWord> values = [];

    /// <summary>Takes an option with its value.</summary>
    /// <returns>False when it is none of these.</returns>
    public bool TryTake(StartupWord option, StartupOptions options)
    {
        if (table.FindOption(option.Text) is not { } setting)
            return false;
        if (setting.IsFlag)
        {
            given.Add(setting);
            return true;
        }

        var value = options.Value();
        if (setting.Refusal(value.Text) is { } refusal)
            throw value.Unknown($"'{value.Text}' as a value of {option.Text}: it {refusal}");
        given.Add(setting, value.Text);
        values.Add(value);
        return true;
    }

    /// <summary>Takes an option with its value.</summary>
    public void Take(StartupWord option, StartupOptions options)
    {
        if (!TryTake(option, options))
            throw option.Unknown($"the {program}'s option '{option.Text}'");
    }

    /// <summary>Refuses what has no effect without another option.</summary>
    public void CheckNeeds(StartupWord command)
    {
        foreach (var (option, needs) in given.Useless(table))
            throw command.Refused($"{program}: {option} needs {needs}");
    }

    /// <summary>Refuses values for an interface that is not served.</summary>
    public void Check(IReadOnlyList<string> interfaces)
    {
        foreach (var (value, only) in given.ForOthersThan(interfaces))
            throw values.Find(each => each.Text == value).Unknown($"what '{value}' is for: this {program} does not serve {only}");
    }

    /// <summary>The settings of an interface; of the program as a whole when it is not named.</summary>
    public TOwner For(string interfaceName = "", TOwner? defaults = null) => given.Apply(defaults ?? table.Defaults, interfaceName);
}
