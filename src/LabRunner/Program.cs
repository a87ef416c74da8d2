using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner;

internal static class Program
{
    private static async Task<int> Main(string[] arguments) =>
        (int)await CommandLine.Run(arguments, Terminal.OfThisProcess()).ConfigureAwait(false);
}
