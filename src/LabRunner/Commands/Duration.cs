using System.CommandLine;
using System.Globalization;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>--duration SECONDS</c>: how long a command goes on that would go on until Ctrl-C.</summary>
internal static class Duration
{
    private const int Most = 1_000_000;

    public static Option<TimeSpan?> Option() => new("--duration")
    {
        Description = "Stop after that many seconds",
        HelpName = "seconds",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            // NaN and Infinity are numbers to the base library, whatever the style.
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                && seconds is > 0 and <= Most)
                return TimeSpan.FromSeconds(seconds);
            argument.AddError($"--duration is a number of seconds above 0, at most {Most}, not '{text}'");
            return null;
        },
    };
}
