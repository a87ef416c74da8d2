using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets.Text;

namespace MulticastLab.Router.Cli;

/// <summary>The options of <c>router run</c> about how <c>--forward</c> forwards.</summary>
internal static class ForwardingArguments
{
    private static readonly Option<StaticRoute[]> Routes = List(
        "--static-route", "ROUTE", "A route that holds without members: '(*, 239.1.0.0/16) eth0 -> eth1 eth2=16'; may be given several times", StaticRoute.Parse);

    private static readonly Option<ReversePathOverride[]> ReversePath = List(
        "--reverse-path", "PREFIX=NAME", "Sources to be taken from another interface than the unicast routes say; may be given several times", ReversePathOverride.Parse);

    private static readonly Option<StaticOutput[]> TtlThreshold = List(
        "--ttl-threshold", "NAME=TTL", "Packets go to members on this interface only with a TTL above this; may be given several times", StaticOutput.Parse);

    private static readonly Option<uint> Table = new("--multicast-table")
    {
        Description = "The kernel's multicast routing table, 0 to 999999999",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => MulticastRoutingOptions.DefaultTable,
    };

    private static readonly Option<string?> RoutesFile = new("--mroutes")
    {
        Description = "Static routes and interfaces from a file of pygmp's form ([phyints], [mroute_N])",
        HelpName = "FILE",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Routes, ReversePath, TtlThreshold, Table, RoutesFile];

    /// <summary>Whether interfaces are named in a file.</summary>
    public static bool HasRoutesFile(CommandResult command) => command.GetValue(RoutesFile) is not null;

    /// <summary>Refuses what is of no use without forwarding.</summary>
    public static void Check(CommandResult command, Option<bool> forward)
    {
        if (command.GetValue(forward))
            return;
        foreach (var given in command.Children.OfType<OptionResult>().Where(each => !each.Implicit && All.Contains(each.Option)))
            command.AddError($"{given.Option.Name} needs --forward");
    }

    /// <summary>The kernel's multicast routing table.</summary>
    public static uint MulticastTable(ParseResult arguments) => arguments.GetValue(Table);

    /// <summary>What the options say, and the interfaces that the file names.</summary>
    /// <exception cref="InvalidFileException">The file is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static (ForwardingOptions Options, IReadOnlyList<string> Interfaces) Read(ParseResult arguments)
    {
        var file = arguments.GetValue(RoutesFile) is { } name ? PygmpFile.Read(name, File.ReadAllText(name)) : new PygmpFile([], []);
        var options = new ForwardingOptions
        {
            StaticRoutes = [.. arguments.GetValue(Routes) ?? [], .. file.Routes],
            ReversePaths = arguments.GetValue(ReversePath) ?? [],
            TtlThresholds = arguments.GetValue(TtlThreshold) ?? [],
        };
        return (options, file.Interfaces);
    }

    private static Option<T[]> List<T>(string name, string form, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = form,
        CustomParser = argument =>
        {
            var values = new List<T>();
            foreach (var token in argument.Tokens)
            {
                try
                {
                    values.Add(parse(token.Value));
                }
                catch (FormatException wrong)
                {
                    argument.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: {wrong.Message}"));
                }
            }

            return [.. values];
        },
    };
}
