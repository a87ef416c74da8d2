using System.CommandLine;
using MulticastLab.Conformance.Judging;
using MulticastLab.Daemon;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary>The options for the timers of a device that a capture does not tell.</summary>
internal sealed class TimerOptions
{
    private readonly Option<int?> robustness = Count("--robustness-variable", "Robustness Variable", "as queries tell it");
    private readonly Option<double?> interval = Seconds("--query-interval", "Query Interval", "as queries tell it");
    private readonly Option<double?> response = Seconds("--query-response-interval", "Query Response Interval", "as queries tell it");
    private readonly Option<double?> startup = Seconds("--startup-query-interval", "Startup Query Interval", "a quarter of the former");
    private readonly Option<int?> starts = Count("--startup-query-count", "Startup Query Count", "the Robustness Variable");
    private readonly Option<double?> last = Seconds("--last-member-query-interval", "Last Member Query Interval", "as queries tell it");
    private readonly Option<int?> lasts = Count("--last-member-query-count", "Last Member Query Count", "the Robustness Variable");
    private readonly Option<double?> unsolicited = Seconds("--unsolicited-report-interval", "Unsolicited Report Interval", "1");
    private readonly Option<double?> tolerance = new("--tolerance")
    {
        Description = "How many seconds earlier or later than due is still right; 0.25 when not given",
        HelpName = "seconds",
    };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option> All => [robustness, interval, response, startup, starts, last, lasts, unsolicited, tolerance];

    /// <summary>What they say.</summary>
    /// <exception cref="CommandException">A number is out of range.</exception>
    public GivenTimers Of(ParseResult parsed)
    {
        var given = new GivenTimers
        {
            RobustnessVariable = parsed.GetValue(robustness),
            QueryInterval = Time(parsed, interval),
            QueryResponseInterval = Time(parsed, response),
            StartupQueryInterval = Time(parsed, startup),
            StartupQueryCount = parsed.GetValue(starts),
            LastMemberQueryInterval = Time(parsed, last),
            LastMemberQueryCount = parsed.GetValue(lasts),
            UnsolicitedReportInterval = Time(parsed, unsolicited),
        };
        foreach (var count in new[] { robustness, starts, lasts }.Where(each => parsed.GetValue(each) is < 1 or > 255))
            throw new CommandException(ExitCode.Usage, $"{count.Name} is a number from 1 to 255");
        return Time(parsed, tolerance) is { } room ? given with { Tolerance = room } : given;
    }

    private static Option<double?> Seconds(string name, string what, string otherwise) => new(name)
    {
        Description = $"The device's {what}, in seconds; {otherwise} when not given",
        HelpName = "seconds",
    };

    private static Option<int?> Count(string name, string what, string otherwise) => new(name)
    {
        Description = $"The device's {what}; {otherwise} when not given",
        HelpName = "count",
    };

    private static TimeSpan? Time(ParseResult parsed, Option<double?> option) => parsed.GetValue(option) switch
    {
        null => null,
        > 0 and < 86_400 and var seconds => TimeSpan.FromSeconds(seconds),
        _ => throw new CommandException(ExitCode.Usage, $"{option.Name} is a number of seconds, more than 0 and less than a day"),
    };
}
