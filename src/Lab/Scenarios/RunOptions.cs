using MulticastLab.Lab.Engines;
using MulticastLab.Membership;

namespace MulticastLab.Lab.Scenarios;

/// <summary>How a scenario is to be run.</summary>
public sealed record RunOptions
{
    /// <summary>The timers; when not given, the RFC's defaults in virtual time and the scenario's short ones elsewhere.</summary>
    public Timing? Timing { get; init; }

    /// <summary>Whose IGMP the hosts speak; means nothing in the simulated world.</summary>
    public HostStack HostStack { get; init; }

    /// <summary>Seed of everything random in a simulated run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where the evidence goes; null keeps it in memory only.</summary>
    public string? EvidenceDirectory { get; init; }

    /// <summary>The observer.</summary>
    public IRunObserver? Observer { get; init; }
}
