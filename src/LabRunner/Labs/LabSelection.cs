using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;

namespace MulticastLab.LabRunner.Labs;

/// <summary>Which of the labs that are up a command is about.</summary>
internal static class LabSelection
{
    /// <summary><c>--lab</c>: needed only when several labs are up.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--lab")
        {
            Description = "The lab's id or scenario; not needed while only one lab is up",
            HelpName = "lab",
        };
        option.CompletionSources.Add(_ => Living().SelectMany(lab => new[] { lab.Id, lab.Topology.Name }).Distinct());
        return option;
    }

    /// <summary>The NODE argument, with the nodes of the labs that are up as completions.</summary>
    public static Argument<string> Node()
    {
        var argument = new Argument<string>("node") { Description = "The node's name", HelpName = "node" };
        argument.CompletionSources.Add(_ => Living().SelectMany(lab => lab.Topology.Nodes.Select(node => node.Name)).Distinct());
        return argument;
    }

    /// <summary>The labs that are up, oldest first.</summary>
    public static IReadOnlyList<LabRecord> Living() => [.. Engines.Labs.List().Where(lab => lab.IsAlive)];

    /// <summary>The lab that is meant; this process is then where it can reach it (see <see cref="LabRecord.Enter"/>).</summary>
    /// <exception cref="CommandException">None is up, or several are and none was named.</exception>
    public static LabRecord Enter(string? named)
    {
        var lab = Choose(named);
        lab.Enter();
        return lab;
    }

    /// <summary>The lab that is meant: one that <c>up</c> has made, unless a run's own lab is named by its id.</summary>
    /// <exception cref="CommandException">None is up, or several are and none was named.</exception>
    public static LabRecord Choose(string? named)
    {
        var living = Living();
        if (living.FirstOrDefault(lab => lab.Id == named) is { } exact)
            return exact;
        var candidates = living.Where(lab => lab.Detached && (named is null || lab.Topology.Name == named)).ToList();
        return candidates switch
        {
            [var only] => only,
            [] when named is null => throw new CommandException(ExitCode.Failed, "no lab is up", $"{Invocation.Name} up querier-election"),
            [] => throw new CommandException(ExitCode.Failed, $"no lab '{named}' is up", $"{Invocation.Name} status shows those that are"),
            _ => throw new CommandException(ExitCode.Usage, "several labs are up; name one of them",
                string.Join('\n', candidates.Select(lab => lab.Id))),
        };
    }

    /// <summary>Makes sure that the lab has the node.</summary>
    /// <exception cref="CommandException">It has not.</exception>
    public static Lab.Topologies.Node NodeOf(LabRecord lab, string name) =>
        lab.Topology.Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new CommandException(ExitCode.Usage, $"{lab.Id} has no node '{name}'",
            $"it has: {string.Join(", ", lab.Topology.Nodes.Select(node => node.Name))}");
}
