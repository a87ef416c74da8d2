using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The environment variables of a node's processes.</summary>
internal static class NodeEnvironment
{
    internal const string SystemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Where the programs router and hostagent are: beside the running one.</summary>
    internal static string ProgramDirectory { get; } = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>The directory of the .NET runtime that runs this program: …/shared/Microsoft.NETCore.App/version/ is in it.</summary>
    internal static string RuntimeDirectory { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));

    /// <summary>The variables of a node.</summary>
    internal static Dictionary<string, string> For(Node node, LabOptions options)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{ProgramDirectory}:{SystemPath}",
            ["HOME"] = "/root",
            ["LANG"] = "C.UTF-8",
            ["HOSTNAME"] = node.Name,
            ["DOTNET_ROOT"] = RuntimeDirectory,
            // A debugger's socket and thread per daemon would be of no use in a node.
            ["DOTNET_EnableDiagnostics"] = "0",
            [DaemonOptions.RouterVariable] = DaemonOptions.ForRouter(options.Timing),
            [DaemonOptions.HostAgentVariable] = DaemonOptions.ForHostAgent(options.HostStack, options.Timing),
        };
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
