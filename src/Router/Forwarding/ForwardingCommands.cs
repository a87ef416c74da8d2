using System.Text.Json;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Forwarding;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// The commands of the control socket about forwarding. <c>{"command":"mroute","action":"list|add|delete|flush"}</c>, for add with
/// <c>from</c>, <c>group</c>, perhaps <c>source</c>, <c>to</c> (a list of <c>eth1</c> or <c>eth1=16</c>), and perhaps
/// <c>"replace":true</c>, which replaces a route for the same sources and groups; for delete with
/// <c>group</c> and perhaps <c>source</c>. <c>{"command":"vif"}</c> lists the VIFs.
/// </summary>
/// <param name="forwarding">The forwarding; null when the router does not forward.</param>
/// <param name="current">The configuration in force.</param>
/// <param name="reconfigure">Puts another one into force.</param>
internal sealed class ForwardingCommands(Func<KernelForwarding?> forwarding, Func<RouterOptions> current, Action<RouterOptions> reconfigure)
{
    /// <summary>Adds the commands.</summary>
    public void AddTo(CommandTable commands)
    {
        commands.Add("mroute", RunMulticastRoute);
        commands.Add("vif", call =>
        {
            var snapshot = Running().Snapshot();
            call.Succeed(writer => JsonSerializer.Serialize(writer, VifsAnswer.Of(snapshot), ForwardingContext.Default.VifsAnswer));
        });
    }

    private KernelForwarding Running() =>
        forwarding() ?? throw ControlException.Failed("the router does not forward: run it with --forward");

    private void RunMulticastRoute(ControlCall call)
    {
        var running = Running();
        var request = new ControlRequest(call);
        switch (request.OptionalText("action") ?? "list")
        {
            case "list":
                var snapshot = running.Snapshot();
                call.Succeed(writer => JsonSerializer.Serialize(writer, RoutesAnswer.Of(snapshot), ForwardingContext.Default.RoutesAnswer));
                break;
            case "add":
                Change(routes => Add(routes, request));
                call.Succeed();
                break;
            case "delete":
                Change(routes => Delete(routes, request));
                call.Succeed();
                break;
            case "flush":
                var count = running.Flush();
                call.Succeed(writer => JsonSerializer.Serialize(writer, new FlushAnswer(count), ForwardingContext.Default.FlushAnswer));
                break;
            case var other:
                call.Fail($"mroute knows no action '{other}', only add, delete, flush and list", ExitCode.Usage);
                break;
        }
    }

    // Through the configuration, so that it is shown there, checked against it, and replaced when its file is read again.
    private void Change(Func<IReadOnlyList<StaticRoute>, IReadOnlyList<StaticRoute>> change)
    {
        var options = current();
        try
        {
            reconfigure(options with { Forwarding = options.Forwarding with { StaticRoutes = change(options.Forwarding.StaticRoutes) } });
        }
        catch (FormatException wrong)
        {
            throw ControlException.Usage(wrong.Message);
        }
    }

    private static IReadOnlyList<StaticRoute> Add(IReadOnlyList<StaticRoute> routes, ControlRequest request)
    {
        var added = StaticRoute.Parse(request.Text("from"), request.Text("group"), request.OptionalText("source"), request.Texts("to"));
        return request.Flag("replace") && routes.Any(added.IsAboutTheSameAs)
            ? [.. routes.Select(each => each.IsAboutTheSameAs(added) ? added : each)]
            : [.. routes, added];
    }

    private static StaticRoute[] Delete(IReadOnlyList<StaticRoute> routes, ControlRequest request)
    {
        var groups = StaticRoute.ParsePrefix(request.Text("group"), "group");
        var sources = StaticRoute.ParseSources(request.OptionalText("source"));
        var left = routes.Where(each => each.Groups != groups || each.Sources != sources).ToArray();
        return left.Length < routes.Count ? left
            : throw ControlException.Failed($"there is no static route ({StaticRoute.Text(sources)}, {StaticRoute.Text(groups)})");
    }
}
