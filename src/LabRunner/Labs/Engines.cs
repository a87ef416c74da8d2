using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.NaiveDevices;

namespace MulticastLab.LabRunner.Labs;

/// <summary>The <c>--engine</c> option and what it leads to.</summary>
internal static class Engines
{
    private const string Docker = "docker";

    /// <summary>The engines of this program: the simulated one has the naive programs too.</summary>
    public static LabEngines BuiltIn { get; } = LabEngines.With(NaivePrograms.All);

    /// <summary>The labs of this user.</summary>
    public static LabRegistry Labs => BuiltIn.Labs;

    /// <summary>The engine whose runs are verified evidence.</summary>
    public static ILabEngine Reproducible => BuiltIn.All.First(each => each.Capabilities.IsReproducible);

    /// <summary><c>--engine</c>.</summary>
    public static Option<string?> Option()
    {
        string[] names = [.. BuiltIn.All.Select(each => each.Name), Docker];
        var option = new Option<string?>("--engine") { Description = "simulated, namespaces (default) or docker", HelpName = "engine" };
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    /// <summary><c>--host-stack</c>.</summary>
    public static Option<HostStack> HostStack() => new("--host-stack")
    {
        Description = "Whose IGMP the hosts speak: the Linux kernel's or our own core's",
        HelpName = "kernel|user",
        DefaultValueFactory = _ => Lab.Engines.HostStack.Kernel,
    };

    /// <summary>The engine that was asked for.</summary>
    /// <returns>Null when none was.</returns>
    /// <exception cref="CommandException">It is one that is not there yet.</exception>
    public static ILabEngine? Asked(string? engine)
    {
        if (engine == Docker)
        {
            throw new CommandException(ExitCode.Environment, "the docker engine is not part of this version",
                "use --engine namespaces: nodes are containers of their own, without a daemon or images");
        }

        return engine is null ? null : BuiltIn.Find(engine);
    }

    /// <summary>
    /// The engine for a lab that is to stay up. This process is then where it can make labs; see <see cref="ILabEngine.Enter"/>.
    /// </summary>
    /// <exception cref="CommandException">It is one whose labs cannot stay, or it cannot be used here.</exception>
    public static ILabEngine ForLabThatStays(string? engine)
    {
        var chosen = Asked(engine) ?? BuiltIn.All.First(each => each.Capabilities.LabsCanStay);
        if (!chosen.Capabilities.LabsCanStay)
        {
            throw new CommandException(ExitCode.Usage, "a simulated lab cannot stay up: its time passes only while a scenario is played",
                $"{Invocation.Name} run SCENARIO --engine simulated");
        }

        chosen.Enter();
        if (chosen.Check() is { } unfit)
            throw new CommandException(ExitCode.Environment, unfit.Reason, unfit.Remedy);
        return chosen;
    }
}
