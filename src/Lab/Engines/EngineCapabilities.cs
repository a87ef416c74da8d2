namespace MulticastLab.Lab.Engines;

/// <summary>The properties of an engine's labs: whoever needs to know asks for these, not which engine it is.</summary>
public sealed record EngineCapabilities
{
    /// <summary>Whether time passes by itself, on the machine's clock; otherwise it is virtual and nobody waits for it.</summary>
    public bool UsesWallClock { get; init; }

    /// <summary>Whether the same seed gives the same run, to the nanosecond.</summary>
    public bool IsReproducible { get; init; }

    /// <summary>Whether there is a kernel whose own host stack can speak for the hosts.</summary>
    public bool HasKernelHosts { get; init; }

    /// <summary>Whether a lab can outlive the process that made it: see <see cref="IRunningLab.Detach"/>.</summary>
    public bool LabsCanStay { get; init; }

    /// <summary>Whether devices under test are started, for each test anew; otherwise they run already, and go on after it.</summary>
    public bool StartsDevices { get; init; }

    /// <summary>Whether nodes run programs: devices under test, and any command of a shell.</summary>
    public bool RunsPrograms { get; init; }
}
