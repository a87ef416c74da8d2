using System.Reflection;
using System.Runtime.InteropServices;
using MulticastLab.Benchmarks.Comparison;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project tests/Benchmarks [PART …]</c> prints one table per part;
/// <c>… compare [OPTIONS]</c> measures our router beside others.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<string, Func<IEnumerable<Row>>> Parts = new()
    {
        ["codec"] = CodecBenchmarks.Run,
        ["router-core"] = RouterCoreBenchmarks.Run,
        ["lab"] = LabBenchmarks.Run,
        ["daemon"] = DaemonBenchmarks.Run,
        ["forwarding"] = ForwardingBenchmarks.Run,
        ["operation"] = OperationBenchmarks.Run,
        ["state"] = StateBenchmarks.Run,
        ["receive"] = ReceiveBenchmarks.Run,
    };

    private static int Main(string[] arguments)
    {
        if (typeof(Program).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release")
            Console.Error.WriteLine("benchmarks: not a release build; the figures mean nothing.");
        if (arguments is ["compare", .. var options])
            return CompareCommand.Run(options);
        if (arguments.FirstOrDefault(each => !Parts.ContainsKey(each)) is { } unknown)
        {
            Console.Error.WriteLine(
                $"benchmarks: there is no part '{unknown}'; the parts are {string.Join(", ", Parts.Keys)}, and compare.");
            return 2;
        }

        Console.WriteLine(
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");
        Console.WriteLine(ShippedPrograms.Description);
        foreach (var part in arguments.Length > 0 ? arguments : [.. Parts.Keys])
            Bench.Print(part, Parts[part]());
        return 0;
    }
}
