using System.Reflection;
using System.Runtime.InteropServices;

namespace MulticastLab.Benchmarks;

/// <summary><c>dotnet run -c Release --project tests/Benchmarks [PART …]</c> prints one table per part.</summary>
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
        ["way-in"] = WayInBenchmarks.Run,
    };

    private static int Main(string[] arguments)
    {
        if (arguments.FirstOrDefault(each => !Parts.ContainsKey(each)) is { } unknown)
        {
            Console.Error.WriteLine($"benchmarks: there is no part '{unknown}'; the parts are {string.Join(", ", Parts.Keys)}.");
            return 2;
        }

        if (typeof(Program).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration != "Release")
            Console.Error.WriteLine("benchmarks: not a release build; the figures mean nothing.");
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors");
        foreach (var part in arguments.Length > 0 ? arguments : [.. Parts.Keys])
            Bench.Print(part, Parts[part]());
        return 0;
    }
}
