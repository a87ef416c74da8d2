using MulticastLab.Membership;

namespace MulticastLab.Lab.Scenarios;

/// <summary>
/// A scenario: what is done to a lab and what must be seen, once for all worlds. A class of its own, with <see cref="ScenarioAttribute"/>
/// and <see cref="CoversAttribute"/>; its expectations are formulas of <see cref="LabRun.Timing"/>, so that they hold for all timers.
/// </summary>
public abstract class Scenario
{
    /// <summary>The timers for runs in which time has to be waited for. Simulated runs take the RFC's defaults.</summary>
    /// <remarks>
    /// Choose values that the wire can carry: tenths of a second for response times, whole seconds for the query interval (RFC 9776 §4.1.1,
    /// §4.1.7).
    /// </remarks>
    public abstract Timing ShortTiming { get; }

    /// <summary>Why hosts whose own kernels speak IGMP cannot play it; null when they can.</summary>
    public virtual string? NotWithKernelHosts => null;

    /// <summary>Plays the scenario.</summary>
    public abstract Task Play(LabRun lab);
}

/// <summary>Names a scenario.</summary>
/// <param name="name">Its name on the command line, and that of its topology's folder and its evidence.</param>
/// <param name="theme">What it is about.</param>
/// <param name="description">What it shows, in one sentence.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ScenarioAttribute(string name, ScenarioTheme theme, string description) : Attribute
{
    /// <summary>The scenario's name.</summary>
    public string Name => name;

    /// <summary>What it is about.</summary>
    public ScenarioTheme Theme => theme;

    /// <summary>What it shows.</summary>
    public string Description => description;
}

/// <summary>The requirements that a scenario shows; each one is named by at least one of its expectations.</summary>
/// <param name="requirements">Ids of the requirement catalogue.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CoversAttribute(params string[] requirements) : Attribute
{
    /// <summary>The ids.</summary>
    public IReadOnlyList<string> Requirements => requirements;
}
