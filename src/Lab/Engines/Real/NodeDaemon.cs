namespace MulticastLab.Lab.Engines.Real;

/// <summary>The daemons that a node may run, by their names.</summary>
internal static class NodeDaemon
{
    internal const string Router = "router";
    internal const string HostAgent = "hostagent";

    /// <summary>
    /// The daemon that a process is, by its command line: <c>router run …</c>, or <c>dotnet …/router.dll run …</c>; null for another
    /// process.
    /// </summary>
    internal static string? NameOf(IReadOnlyList<string> commandLine)
    {
        var run = commandLine.Take(3).ToList().IndexOf("run");
        var name = run < 1 ? null : Path.GetFileNameWithoutExtension(commandLine[run - 1]);
        return name is Router or HostAgent ? name : null;
    }
}
