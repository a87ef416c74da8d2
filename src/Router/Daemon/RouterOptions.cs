using System.Net;
using MulticastLab.Daemon.Logging;
using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Membership.Router;

namespace MulticastLab.Router.Daemon;

/// <summary>What <c>router run</c> was told.</summary>
internal sealed record RouterOptions
{
    /// <summary>The interfaces, in the order in which they were named.</summary>
    public IReadOnlyList<InterfaceOptions> Interfaces { get; init; } = [];

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
    public ReceiveWay Receive { get; init; }

    /// <summary>The kernel's multicast routing table.</summary>
    public uint MulticastTable { get; init; } = MulticastRoutingOptions.DefaultTable;

    /// <summary>How it is to forward.</summary>
    public ForwardingOptions Forwarding { get; init; } = new();
}

/// <summary>One interface that the router is to serve.</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="Settings">Its configuration, but for the MTU, which is the interface's own.</param>
internal sealed record InterfaceOptions(string Name, RouterSettings Settings);
