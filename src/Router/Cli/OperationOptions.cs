using System.CommandLine;
using System.Net;
using MulticastLab.Router.Daemon;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Cli;

/// <summary>The options of <c>router run</c> that are about running it: metrics, log, user, way of receiving.</summary>
internal sealed class OperationOptions
{
    private readonly Option<IPEndPoint?> metrics = new("--metrics")
    {
        Description = "Serve metrics for Prometheus on this port of the loopback, or of the address given (no authentication: read-only figures)",
        HelpName = "[ADDRESS:]PORT",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (MetricsEndPoint.TryParse(text, out var endPoint))
                return endPoint;
            argument.AddError($"--metrics is PORT or ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464, not '{text}'");
            return null;
        },
    };

    private readonly Option<string> level = new("--log-level")
    {
        Description = "The least of what is logged: debug, info, warning or error",
        DefaultValueFactory = _ => "info",
        HelpName = "LEVEL",
    };

    private readonly Option<string> format = new("--log-format")
    {
        Description = "A log line's form: text, or json for one object per line",
        DefaultValueFactory = _ => "text",
        HelpName = "FORMAT",
    };

    private readonly Option<string> receive = new("--receive")
    {
        Description = "How packets are received: from a ring in memory, which costs the least time and 8 MiB per interface, or by the system calls of a socket",
        DefaultValueFactory = _ => "ring",
        HelpName = "WAY",
    };

    // Acted upon before the command line is read: see DaemonPrivileges.
    private readonly Option<string?> user = new(DaemonPrivileges.UserOption)
    {
        Description = "Started as root, become this user and keep CAP_NET_RAW and CAP_NET_ADMIN alone",
        HelpName = "NAME",
    };

    /// <summary>The options that may stand beside a configuration file.</summary>
    public Option[] BesideFile => [user];

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        level.AcceptOnlyFromAmong("debug", "info", "warning", "error");
        format.AcceptOnlyFromAmong("text", "json");
        receive.AcceptOnlyFromAmong("ring", "socket");
        command.Add(user);
        command.Add(metrics);
        command.Add(level);
        command.Add(format);
        command.Add(receive);
    }

    /// <summary>Where the metrics are served; null for nowhere.</summary>
    public IPEndPoint? Metrics(ParseResult arguments) => arguments.GetValue(metrics);

    /// <summary>How packets are received.</summary>
    public ReceiveWay Receive(ParseResult arguments) => Enum.Parse<ReceiveWay>(arguments.GetRequiredValue(receive), ignoreCase: true);

    /// <summary>What is logged, and how.</summary>
    public LogOptions Log(ParseResult arguments) => new()
    {
        Level = Enum.Parse<LogLevel>(arguments.GetRequiredValue(level), ignoreCase: true),
        Format = Enum.Parse<LogFormat>(arguments.GetRequiredValue(format), ignoreCase: true),
    };
}
