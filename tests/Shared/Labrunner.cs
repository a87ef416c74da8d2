using System.Diagnostics;

namespace MulticastLab.Tests.Shared;

/// <summary>Runs the real program, its output in pipes.</summary>
internal static class Labrunner
{
    /// <summary>What the program said and how it ended.</summary>
    internal sealed record Ended(int Code, string Out, string Error);

    public static Task<Ended> Run(params string[] arguments) => Run(new Dictionary<string, string?>(), arguments);

    public static async Task<Ended> Run(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        return await End(process);
    }

    /// <summary>Runs it with these bytes on its standard input.</summary>
    public static async Task<Ended> RunOn(byte[] input, params string[] arguments)
    {
        using var process = StartOpen(new Dictionary<string, string?>(), arguments);
        await process.StandardInput.BaseStream.WriteAsync(input, Xunit.TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        return await End(process);
    }

    /// <summary>Starts it with these environment variables more; its standard input is at its end.</summary>
    public static Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var process = StartOpen(environment, arguments);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>The same with its standard input open.</summary>
    public static Process StartOpen(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(ShippedPrograms.PathOf("labrunner"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for its end.</summary>
    public static async Task<Ended> End(Process process)
    {
        var cancellation = Xunit.TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new Ended(process.ExitCode, await output, await error);
    }
}
