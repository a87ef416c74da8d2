using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;

namespace MulticastLab.LabRunner.Commands;

/// <summary>Options that several commands have.</summary>
internal static class Common
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json(string description = "JSON on standard output") => new("--json") { Description = description };

    /// <summary><c>--lan</c>.</summary>
    public static Option<string?> Lan() => new("--lan") { Description = "Only this LAN", HelpName = "lan" };

    /// <summary>Makes sure that the lab has the LAN.</summary>
    /// <exception cref="CommandException">It has not.</exception>
    public static void CheckLan(LabRecord lab, string? lan)
    {
        if (lan is not null && !lab.Topology.Lans.Contains(lan))
            throw new CommandException(ExitCode.Usage, $"{lab.Id} has no LAN '{lan}'", $"it has: {string.Join(", ", lab.Topology.Lans)}");
    }
}
