using MulticastLab.Membership.Router;

namespace MulticastLab.Router.Daemon;

/// <summary>What <c>router run</c> was told.</summary>
internal sealed record RouterOptions
{
    /// <summary>The interfaces, in the order of the command line.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>The configuration of each of them, but for the MTU, which is the interface's own.</summary>
    public required RouterSettings Settings { get; init; }

    /// <summary>The control socket's path.</summary>
    public required string ControlPath { get; init; }

    /// <summary>Whether the kernel is to forward multicast by what the router knows.</summary>
    public bool Forward { get; init; }
}
