using System.Text.RegularExpressions;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// A node's startup: <c>shared.startup</c>, its own <c>.startup</c> and the <c>exec</c> options of <c>lab.conf</c>, run by one shell, which
/// stops at the first command that fails.
/// </summary>
internal static partial class StartupScript
{
    /// <summary>Where a node sees the topology's folder (as under Kathará).</summary>
    internal const string TopologyMount = "/hostlab";

    // bash shows the line of a traced command, dash does not.
    private static readonly string Shell = File.Exists("/bin/bash") ? "/bin/bash" : "/bin/sh";

    // The trace's prompt shows file and line of the last command. It is set here, because bash takes none from root's environment.
    private const string RunFile = "PS4='+ ${BASH_SOURCE:-$0}:$LINENO: '; set -ex; . \"$0\"";

    private const string RunOption = "PS4='+ $0:: '; set -ex; eval \"$1\"";

    /// <summary>The command that runs the startup; null when the node has none.</summary>
    internal static IReadOnlyList<string>? CommandFor(Topology topology, Node node)
    {
        string[] files = [.. new[] { topology.SharedStartupFile, node.StartupFile }.OfType<string>()];
        var options = node.Options.GetValueOrDefault("exec") ?? [];
        if (files.Length == 0 && options.Count == 0)
            return null;
        if (files.Length == 1 && options.Count == 0)
            return [Shell, "-c", RunFile, InNode(files[0])];
        // Each file in a shell of its own, so that an exit in one does not end the others.
        return
        [
            Shell,
            "-ec",
            string.Join(
                '\n', [.. files.Select(RunLine), .. options.Select((_, i) => $"{Shell} -c {Quote(RunOption)} lab.conf \"${{{i + 1}}}\"")]),
            "startup",
            .. options,
        ];
    }

    /// <summary>A shell's line that runs a file of the topology in a shell of its own.</summary>
    internal static string RunLine(string file) => $"{Shell} -c {Quote(RunFile)} {Quote(InNode(file))}";

    /// <summary>Where the last command was, relative to the topology's folder.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="log">What the startup has written.</param>
    /// <returns><c>folder/r1.startup:3</c>, or null when the log does not say.</returns>
    internal static string? Place(Topology topology, string log)
    {
        var complaint = ShellComplaint().Matches(log).LastOrDefault();
        var trace = TraceLine().Matches(log).LastOrDefault();
        var last = complaint is not null && (trace is null || complaint.Index > trace.Index) ? complaint : trace;
        if (last is null)
            return null;
        var line = last.Groups["line"].Value;
        return Path.Combine(topology.Directory, last.Groups["file"].Value) + (line.Length == 0 ? "" : ":" + line);
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string InNode(string file) => TopologyMount + "/" + Path.GetFileName(file);

    [GeneratedRegex(@"^\++ (/hostlab/)?(?<file>[^:\n]+):(?<line>\d*): ", RegexOptions.Multiline)]
    private static partial Regex TraceLine();

    // bash: "file: line 3: …", dash: "file: 3: …"
    [GeneratedRegex(@"^/hostlab/(?<file>[^:\n]+): (line )?(?<line>\d+): ", RegexOptions.Multiline)]
    private static partial Regex ShellComplaint();
}
