using System.Globalization;
using MulticastLab.Daemon.Control;

namespace MulticastLab.NaiveDevices;

/// <summary>
/// How a naive program was started: by its command line, and by the variables of the device contract (<c>OPTION_TOS_ZERO=1</c>,
/// <c>QUERY_INTERVAL=20</c>), which are the same in both worlds.
/// </summary>
internal sealed class NaiveSettings
{
    private const string None = "none";
    private const string All = "all";

    private readonly IReadOnlyDictionary<string, string> variables;
    private readonly HashSet<string> mistakes;

    /// <summary>Reads both; the command line prevails.</summary>
    /// <param name="arguments">The command line, without the program's name.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="known">The mistakes that the program can make.</param>
    /// <exception cref="ControlException">Something in it is unknown or wrong.</exception>
    internal NaiveSettings(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables, IReadOnlyList<Mistake> known)
    {
        this.variables = variables;
        var interfaces = new List<string>();
        mistakes = Switched(known);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw ControlException.Usage($"'{arguments[i]}' needs a value");
            switch (arguments[i])
            {
                case "--interface":
                    interfaces.Add(value);
                    break;
                case "--mistakes":
                    mistakes = Named(value, known);
                    break;
                case "--without":
                    mistakes.ExceptWith(Named(value, known));
                    break;
                case "--control":
                    Control = value;
                    break;
                case var other:
                    throw ControlException.Usage($"there is no option '{other}'");
            }
        }

        Interfaces = interfaces.Count > 0
            ? interfaces
            : variables.GetValueOrDefault("DEVICE_INTERFACES", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The interfaces that were named.</summary>
    internal IReadOnlyList<string> Interfaces { get; }

    /// <summary>The path of the control socket; null for that of the program.</summary>
    internal string? Control { get; }

    /// <summary>Whether a mistake is made.</summary>
    internal bool Makes(Mistake mistake) => mistakes.Contains(mistake.Name);

    /// <summary>A timer of the device contract, in seconds.</summary>
    internal TimeSpan Time(string name, double seconds) => TimeSpan.FromSeconds(Number(name) ?? seconds);

    /// <summary>A timer of the device contract that is <paramref name="otherwise"/> when it is not set.</summary>
    internal TimeSpan Time(string name, TimeSpan otherwise) => Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : otherwise;

    /// <summary>A number of the device contract.</summary>
    internal int Count(string name, int otherwise) => (int)(Number(name) ?? otherwise);

    private double? Number(string name) => !variables.TryGetValue(name, out var text) || text.Length == 0 ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number
        : throw ControlException.Usage($"{name} is a number, not '{text}'");

    // OPTION_NAME=1 for those that are made; none of them for all.
    private HashSet<string> Switched(IReadOnlyList<Mistake> known)
    {
        if (IsOn(None))
            return [];
        var chosen = known.Where(each => IsOn(each.Name)).Select(each => each.Name).ToHashSet();
        return chosen.Count > 0 ? chosen : Named(All, known);
    }

    private bool IsOn(string option) => variables.GetValueOrDefault(Lab.Devices.Device.VariableOf(option)) == "1";

    private static HashSet<string> Named(string list, IReadOnlyList<Mistake> known)
    {
        if (list == All)
            return [.. known.Select(each => each.Name)];
        var names = list.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(each => each != None).ToHashSet();
        return names.FirstOrDefault(name => known.All(each => each.Name != name)) is { } unknown
            ? throw ControlException.Usage($"there is no mistake '{unknown}'; there are {string.Join(", ", known)}")
            : names;
    }
}
