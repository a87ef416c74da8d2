using System.CommandLine;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;

namespace MulticastLab.LabRunner.Labs;

/// <summary>The <c>--engine</c> option and what it leads to.</summary>
internal static class Engines
{
    public const string Simulated = "simulated";
    public const string Namespaces = "namespaces";
    private const string Docker = "docker";

    /// <summary><c>--engine</c>.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--engine") { Description = "simulated, namespaces (default) or docker", HelpName = "engine" };
        option.AcceptOnlyFromAmong(Simulated, Namespaces, Docker);
        return option;
    }

    /// <summary><c>--host-stack</c>.</summary>
    public static Option<HostStack> HostStack() => new("--host-stack")
    {
        Description = "Whose IGMP the hosts speak: the Linux kernel's or our own core's",
        HelpName = "kernel|user",
        DefaultValueFactory = _ => Lab.Engines.HostStack.Kernel,
    };

    /// <summary>Refuses the engine that is not there yet.</summary>
    /// <exception cref="CommandException">It is docker.</exception>
    public static void RefuseDocker(string? engine)
    {
        if (engine == Docker)
        {
            throw new CommandException(ExitCode.Environment, "the docker engine is not part of this version",
                "use --engine namespaces: nodes are containers of their own, without a daemon or images");
        }
    }

    /// <summary>The engine for a lab that is to stay up.</summary>
    /// <exception cref="CommandException">It is one whose labs cannot stay, or it cannot be used here.</exception>
    public static NamespacesEngine ForLabThatStays(string? engine)
    {
        RefuseDocker(engine);
        if (engine == Simulated)
        {
            throw new CommandException(ExitCode.Usage, "a simulated lab cannot stay up: its time passes only while a scenario is played",
                $"{Invocation.Name} run SCENARIO --engine simulated");
        }

        Reexec.IntoUserNamespace();
        if (EngineAvailability.Check() is { } unfit)
            throw new CommandException(ExitCode.Environment, unfit.Reason, unfit.Remedy);
        return new NamespacesEngine();
    }
}
