using System.Globalization;

namespace MulticastLab.Robustness.Commands;

/// <summary>The commands by name: each returns its exit code, 0 or 1.</summary>
internal static class Command
{
    public static IReadOnlyDictionary<string, Func<Options, int>> All { get; } = new Dictionary<string, Func<Options, int>>
    {
        ["fuzz"] = FuzzCommand.Run,
        ["simulate"] = SimulateCommand.Run,
        ["wire"] = WireCommands.Fuzz,
        ["flood"] = WireCommands.Flood,
        ["soak"] = WireCommands.Soak,
    };
}

/// <summary>The options of a command: <c>--name value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> values = [];

    public Options(string command, string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
                Refuse($"{command}: '{arguments[i]}' is not an option with a value");
            values[arguments[i][2..]] = arguments[i + 1];
        }
    }

    /// <summary>A whole number; null when it was not given.</summary>
    public long? Number(string name)
    {
        if (!values.Remove(name, out var text))
            return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            Refuse($"--{name}: '{text}' is not a number");
        return number;
    }

    /// <summary>A word; null when it was not given.</summary>
    public string? Word(string name) => values.Remove(name, out var text) ? text : null;

    /// <summary>All options have been asked for: any that is left is a mistake.</summary>
    public void End()
    {
        if (values.Keys.FirstOrDefault() is { } unknown)
            Refuse($"there is no option --{unknown}");
    }

    private static void Refuse(string why)
    {
        Console.Error.WriteLine($"robustness: {why}");
        Environment.Exit(2);
    }
}
