using MulticastLab.Lab.Engines.Simulated;

namespace MulticastLab.NaiveDevices;

/// <summary>The naive programs for the simulated world, by the names that <c>simulated</c> in <c>device.yaml</c> has for them.</summary>
public static class NaivePrograms
{
    /// <summary>The router and the host.</summary>
    public static IReadOnlyDictionary<string, Func<ISimulatedMachine, ISimulatedProgram>> All { get; } =
        new Dictionary<string, Func<ISimulatedMachine, ISimulatedProgram>>
        {
            ["naive-router"] = machine =>
                new NaiveRouter(machine, new NaiveSettings(machine.Arguments, machine.Variables, RouterMistakes.All)),
            ["naive-host"] = machine =>
                new NaiveHost(machine, new NaiveSettings(machine.Arguments, machine.Variables, HostMistakes.All)),
        };
}
