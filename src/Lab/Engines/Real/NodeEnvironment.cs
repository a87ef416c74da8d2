using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The environment variables of a node's processes.</summary>
internal static class NodeEnvironment
{
    internal const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>
    /// The variable that names the folder of the programs router and hostagent, where they are not beside the running program. What is not
    /// there is looked for beside the running program all the same.
    /// </summary>
    internal const string ProgramsVariable = "MULTICAST_LAB_PROGRAMS";

    /// <summary>Where the programs router and hostagent are.</summary>
    internal static string ProgramDirectory { get; } = Path.TrimEndingDirectorySeparator(
        Environment.GetEnvironmentVariable(ProgramsVariable) is { Length: > 0 } named ? Path.GetFullPath(named) : AppContext.BaseDirectory);

    /// <summary>
    /// The directory of the .NET runtime: …/shared/Microsoft.NETCore.App/version/ is in it. That which runs this program; of a native
    /// program, which needs none, that of DOTNET_ROOT. Null where there is none.
    /// </summary>
    internal static string? RuntimeDirectory { get; } =
        RuntimeFeature.IsDynamicCodeSupported ? Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."))
        : Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root && Directory.Exists(root) ? Path.GetFullPath(root)
        : null;

    /// <summary>What a node must see at its own place.</summary>
    internal static IEnumerable<string> Directories =>
        new[] { ProgramDirectory, OwnDirectory, RuntimeDirectory }.OfType<string>().Distinct();

    private static string OwnDirectory => Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>The variables of a node.</summary>
    internal static Dictionary<string, string> For(Node node, LabOptions options)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = string.Join(':', new[] { ProgramDirectory, OwnDirectory, SystemPath }.Distinct()),
            ["HOME"] = "/root",
            ["LANG"] = "C.UTF-8",
            ["HOSTNAME"] = node.Name,
            // A debugger's socket and thread per daemon would be useless in a node.
            ["DOTNET_EnableDiagnostics"] = "0",
            [DaemonOptions.RouterVariable] = DaemonOptions.ForRouter(options.Timing),
            [DaemonOptions.HostAgentVariable] = DaemonOptions.ForHostAgent(options.HostStack, options.Timing),
        };
        if (RuntimeDirectory is not null)
            environment["DOTNET_ROOT"] = RuntimeDirectory;
        if (node.Device is { } reference)
        {
            var device = DeviceReader.Read(reference.Folder);
            foreach (var (name, value) in DeviceVariables.For(device, node, DeviceSettings.For(device, options.Timing)))
                environment[name] = value;
        }

        foreach (var setting in node.Options.GetValueOrDefault("env") ?? [])
        {
            var parts = setting.Split('=', 2);
            environment[parts[0]] = parts.Length == 2 ? parts[1] : "";
        }

        return environment;
    }
}
