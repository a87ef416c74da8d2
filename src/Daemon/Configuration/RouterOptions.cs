using System.Net;
using MulticastLab.Daemon.Logging;
using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Configuration;

/// <summary>The options given to <c>router run</c>.</summary>
public sealed record RouterOptions
{
    /// <summary>The protocol that it speaks.</summary>
    public Dialect Dialect { get; init; } = Dialect.Igmp;

    /// <summary>The interfaces, in the order in which they were named.</summary>
    public IReadOnlyList<InterfaceOptions> Interfaces { get; init; } = [];

    /// <summary>Where a file names the interfaces; those of the command line are not listed here.</summary>
    public IReadOnlyDictionary<string, FilePlace> Places { get; init; } = new Dictionary<string, FilePlace>();

    /// <summary>The control socket's path; null is the usual place.</summary>
    public string? ControlPath { get; init; }

    /// <summary>Whether the kernel is to forward multicast by what the router knows.</summary>
    public bool Forward { get; init; }

    /// <summary>The configuration file, to be read again at a reload; null when the command line was all.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Where the metrics are served; null for nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>What is logged, and how.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>How packets are received.</summary>
    public ReceiveMode Receive { get; init; }

    /// <summary>The kernel's multicast routing table.</summary>
    public uint MulticastTable { get; init; } = MulticastRoutingOptions.DefaultTable;

    /// <summary>How it is to forward.</summary>
    public ForwardingOptions Forwarding { get; init; } = new();

    /// <summary>The same for these interfaces, and with the static routes of a file.</summary>
    /// <param name="interfaces">The names of the interfaces; those of the file follow.</param>
    /// <param name="settings">The configuration of an interface.</param>
    /// <param name="file">The file; null when there is none.</param>
    public RouterOptions Serving(IEnumerable<string> interfaces, Func<string, RouterSettings> settings, PygmpFile? file = null) => this with
    {
        Interfaces = [.. interfaces.Union(file?.Interfaces ?? []).Select(name => new InterfaceOptions(name, settings(name)))],
        Places = file?.Places ?? Places,
        Forwarding = Forwarding with { StaticRoutes = [.. Forwarding.StaticRoutes, .. file?.Routes ?? []] },
    };

    /// <summary>Says what in this is not possible, even if well-formed; null when everything is.</summary>
    public string? Obstacle()
    {
        try
        {
            foreach (var each in Interfaces)
                each.Settings.Validate(Dialect);
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }

        return TooManyInterfaces ?? Forwarding.Obstacle([.. Interfaces.Select(each => each.Name)])?.Message;
    }

    /// <summary>What is wrong with the number of interfaces; null when nothing is.</summary>
    public string? TooManyInterfaces => Forward && Interfaces.Count > MulticastRoutingSocket.MaxVifs
        ? $"the kernel forwards between at most {MulticastRoutingSocket.MaxVifs} interfaces, not {Interfaces.Count}"
        : null;
}

/// <summary>One interface that the router is to serve.</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="Settings">Its configuration, but for the MTU, which is the interface's own.</param>
public sealed record InterfaceOptions(string Name, RouterSettings Settings);
