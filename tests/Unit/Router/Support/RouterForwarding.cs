using System.Diagnostics;
using System.Text.Json;
using MulticastLab.Daemon.Control;
using Xunit;

namespace MulticastLab.Tests.Router.Support;

/// <summary>An entry as <c>router show mroute --json</c> tells it.</summary>
internal sealed record ShownEntry(
    string Source, string Group, string? Incoming, IReadOnlyList<string> Outgoing, bool IsStatic, long Packets, long WrongInterface);

/// <summary>What a running router forwards.</summary>
internal sealed record ShownRoutes(IReadOnlyList<ShownEntry> Entries, string Json)
{
    /// <summary>The entry of the group; of the source if that is given. Null when there is none.</summary>
    public ShownEntry? Entry(string group, string? source = null) =>
        Entries.FirstOrDefault(each => each.Group == group && (source is null || each.Source == source));
}

/// <summary>Asks a running router about its forwarding.</summary>
internal static class RouterForwarding
{
    /// <summary>What it forwards now.</summary>
    public static async Task<ShownRoutes> Routes(this RouterProcess router)
    {
        using var client = await ControlClient.Connect(router.ControlPath, TestContext.Current.CancellationToken);
        var answer = await client.Ask("mroute", null, TestContext.Current.CancellationToken);
        return new ShownRoutes([.. answer.GetProperty("entry").EnumerateArray().Select(Read)], answer.GetRawText());
    }

    /// <summary>Runs <c>router</c> with these arguments and the running one's control socket.</summary>
    /// <returns>Its exit code and what it says on stderr.</returns>
    public static async Task<(int ExitCode, string Error)> Run(this RouterProcess router, params string[] arguments)
    {
        var (exitCode, _, error) = await Command(router, arguments);
        return (exitCode, error);
    }

    /// <summary>What <c>router show</c> prints.</summary>
    public static async Task<string> Show(this RouterProcess router, params string[] what) =>
        (await Command(router, ["show", .. what])).Output;

    /// <summary>What <c>router config</c> prints.</summary>
    public static async Task<string> Config(this RouterProcess router) => (await Command(router, ["config"])).Output;

    /// <summary>Waits until what it forwards is so.</summary>
    public static async Task<ShownRoutes> UntilRoutes(this RouterProcess router, Func<ShownRoutes, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(RouterProcess.Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var routes = await router.Routes();
            if (condition(routes))
                return routes;
            if (limit.IsCancellationRequested)
                Assert.Fail($"{what}: not within {RouterProcess.Patience}: {routes.Json}\nLog: {router.Log}");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> Command(RouterProcess router, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(RouterProcess.Executable, [.. arguments, "--control", router.ControlPath])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
    }

    private static ShownEntry Read(JsonElement entry) =>
        new(
            entry.GetProperty("source-address").GetString()!,
            entry.GetProperty("group-address").GetString()!,
            entry.GetProperty("incoming-interface").GetString(),
            [
                .. entry
                    .GetProperty("outgoing-interface")
                    .EnumerateArray()
                    .Select(each => $"{each.GetProperty("interface").GetString()}={each.GetProperty("ttl").GetInt32()}"),
            ],
            entry.GetProperty("static").GetBoolean(),
            entry.GetProperty("packets").GetInt64(),
            entry.GetProperty("wrong-interface").GetInt64());
}
