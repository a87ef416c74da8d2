using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;

namespace MulticastLab.Conformance;

/// <summary>
/// A test of one device: what is done to it and what must be seen, once for all devices, engines and protocols. Its expectations are
/// formulas of the device's timers (<see cref="LabRun.Timing"/>), and its groups and sources those of the bench.
/// </summary>
public abstract class ConformanceTest
{
    private protected ConformanceTest(string name, IReadOnlyList<string> requirements, string purpose)
    {
        Name = name;
        Purpose = purpose;
        Requirements = [.. requirements.Select(RequirementCatalog.Get)];
    }

    /// <summary>Its name: lower-case words with hyphens.</summary>
    public string Name { get; }

    /// <summary>What it is to show, in one sentence.</summary>
    public string Purpose { get; }

    /// <summary>The requirements that it shows.</summary>
    public IReadOnlyList<Requirement> Requirements { get; }

    /// <summary>The role of the devices that it tests.</summary>
    public abstract DeviceRole Role { get; }

    /// <summary>What it wants of the device's timers, given the usual ones.</summary>
    public Func<Timing, Timing> Timing { get; init; } = usual => usual;

    /// <summary>
    /// Why it says nothing about a device with these timers, as a clause ("the Robustness Variable is 1"); null when it does. For devices
    /// whose timers cannot be set as <see cref="Timing"/> wants.
    /// </summary>
    public Func<ExpectedTiming, string?> Unfit { get; init; } = _ => null;

    /// <summary>The timers that are left to the device: see <see cref="DeviceStart.Unset"/>.</summary>
    public IReadOnlyList<string> Unset { get; init; } = [];

    /// <summary>The version of the protocol that the device is started for; null for its default, the current one.</summary>
    public int? Version { get; init; }

    /// <summary>The options that are switched on; a device that lacks one is not tested.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The options that are switched on where the device has them: it shows more of itself then.</summary>
    public IReadOnlyList<string> Preferred { get; init; } = [];

    /// <summary>
    /// The strictest level of its requirements: must, then implied (normative by table, algorithm or default value), should, may.
    /// </summary>
    public string Level => Requirements.StrictestLevel();

    /// <summary>Where its requirements stand: <c>RFC 9776 §6.6.2</c>.</summary>
    public IReadOnlyList<string> Sections => Requirements.Sections();

    /// <summary>
    /// Whether it only observes: all its requirements leave a choice, are ambiguous or are a matter of policy. Then nothing that is seen is
    /// a failure.
    /// </summary>
    public bool Observes => Requirements.OnlyObserve();

    internal abstract Bench Prepare(BenchPlace place);

    internal abstract Task Play(Bench bench);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A test of a router.</summary>
/// <param name="name">Its name.</param>
/// <param name="requirements">The ids of the requirements that it shows.</param>
/// <param name="purpose">What it is to show, in one sentence.</param>
/// <param name="play">What is done and what is expected.</param>
public sealed class RouterTest(string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, Task> play)
    : ConformanceTest(name, requirements, purpose)
{
    /// <inheritdoc/>
    public override DeviceRole Role => DeviceRole.Router;

    internal override Bench Prepare(BenchPlace place) => new RouterBench(place);

    internal override Task Play(Bench bench) => play((RouterBench)bench);
}

/// <summary>A test of a host.</summary>
/// <param name="name">Its name.</param>
/// <param name="requirements">The ids of the requirements that it shows.</param>
/// <param name="purpose">What it is to show, in one sentence.</param>
/// <param name="play">What is done and what is expected.</param>
public sealed class HostTest(string name, IReadOnlyList<string> requirements, string purpose, Func<HostBench, Task> play)
    : ConformanceTest(name, requirements, purpose)
{
    /// <inheritdoc/>
    public override DeviceRole Role => DeviceRole.Host;

    /// <summary>Whether the device is told what to listen to; otherwise it is tested with what it joins of itself.</summary>
    public bool Listens { get; init; } = true;

    internal override Bench Prepare(BenchPlace place) => new HostBench(place);

    internal override Task Play(Bench bench) => play((HostBench)bench);
}

/// <summary>A test of a switch.</summary>
/// <param name="name">Its name.</param>
/// <param name="requirements">The ids of the requirements that it shows.</param>
/// <param name="purpose">What it is to show, in one sentence.</param>
/// <param name="play">What is done and what is expected.</param>
public sealed class SwitchTest(string name, IReadOnlyList<string> requirements, string purpose, Func<SwitchBench, Task> play)
    : ConformanceTest(name, requirements, purpose)
{
    /// <inheritdoc/>
    public override DeviceRole Role => DeviceRole.Switch;

    internal override Bench Prepare(BenchPlace place) => new SwitchBench(place);

    internal override Task Play(Bench bench) => play((SwitchBench)bench);
}
