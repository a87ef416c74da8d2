using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Engines.Simulated;

namespace MulticastLab.Lab.Engines;

/// <summary>The engines that a program has, and the registry of the labs that they leave up.</summary>
public sealed class LabEngines
{
    /// <summary>These engines, the preferred one first.</summary>
    public LabEngines(IReadOnlyList<ILabEngine> engines)
    {
        All = engines;
        Labs = new LabRegistry([.. engines.OfType<RealEngine>().Select(each => each.Holding)]);
    }

    /// <summary>The engines of this library.</summary>
    /// <param name="programs">What else can stand for devices in the simulated world: see <see cref="SimulatedEngine"/>.</param>
    public static LabEngines With(IReadOnlyDictionary<string, Func<ISimulatedMachine, ISimulatedProgram>> programs) =>
        new([new NamespacesEngine(), new SimulatedEngine(programs)]);

    /// <summary>The engines, the preferred one first.</summary>
    public IReadOnlyList<ILabEngine> All { get; }

    /// <summary>The user's labs, whichever of the engines has made them.</summary>
    public LabRegistry Labs { get; }

    /// <summary>The engine of this name; null when there is none.</summary>
    public ILabEngine? Find(string name) => All.FirstOrDefault(each => each.Name == name);
}
