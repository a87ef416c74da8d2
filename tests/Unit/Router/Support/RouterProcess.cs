using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Router.Support;

/// <summary>The real <c>router run</c> in a namespace of the test's own. Disposing kills it.</summary>
internal sealed partial class RouterProcess : IDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int SigTerm = 15;
    private const int SigHangUp = 1;
    private const int SigKill = 9;
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private readonly Process process;
    private readonly List<string> log = [];
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string folder;

    private RouterProcess(Process process, string folder)
    {
        this.process = process;
        this.folder = folder;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
                log.Add(line.Data ?? "(end)");
            if (line.Data == "router: ready")
                ready.TrySetResult();
            else if (line.Data is null)
                ready.TrySetException(new InvalidOperationException($"The router ended before it was ready: {Log}"));
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The executable.</summary>
    public static string Executable => ShippedPrograms.PathOf("router");

    /// <summary>The control socket's path.</summary>
    public string ControlPath => Path.Combine(folder, "router.sock");

    /// <summary>The process's number.</summary>
    public int Id => process.Id;

    /// <summary>Everything said on stderr so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return string.Join('\n', log);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts <c>router run</c> with these options.</summary>
    public static RouterProcess Start(PrivateNetwork network, string options) => Start(network, options.Split(' '));

    /// <summary>Starts <c>router run</c> with these options.</summary>
    public static RouterProcess Start(PrivateNetwork network, IEnumerable<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("router-").FullName;
        var process = network.Start(Executable, ["run", "--control", Path.Combine(folder, "router.sock"), .. options]);
        return new RouterProcess(process, folder);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static Task<RouterProcess> StartReady(PrivateNetwork network, string options) => StartReady(network, options.Split(' '));

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<RouterProcess> StartReady(PrivateNetwork network, IEnumerable<string> options)
    {
        var router = Start(network, options);
        await router.Ready();
        return router;
    }

    /// <summary>Waits for <c>router: ready</c>.</summary>
    public Task Ready() => ready.Task.WaitAsync(Patience, Cancellation);

    /// <summary>The state dump.</summary>
    public async Task<RouterState> State()
    {
        using var client = await ControlClient.Connect(ControlPath, Cancellation);
        return await client.Ask("show", RouterStateJson.Read, cancellation: Cancellation);
    }

    /// <summary>The state dump without the groups, only their number.</summary>
    public async Task<RouterState> Summary()
    {
        using var client = await ControlClient.Connect(ControlPath, Cancellation);
        return await client.Ask("show", RouterStateJson.Read, writer => writer.WriteString("what", "summary"), Cancellation);
    }

    /// <summary>Waits until the state is so.</summary>
    public Task<RouterState> Until(Func<RouterState, bool> condition, string what) => Until(State, condition, what);

    /// <summary>Waits until the first interface has so many groups, which may be very many.</summary>
    public Task UntilGroupCount(int count) => Until(Summary, state => state.First().GroupCount == count, $"{count} groups");

    private async Task<RouterState> Until(Func<Task<RouterState>> read, Func<RouterState, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            var state = await read();
            if (condition(state))
                return state;
            if (limit.IsCancellationRequested)
                Assert.Fail($"{what}: not within {Patience}. State: {RouterStateJson.ToText(state, indented: true)}\nLog: {Log}");
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>Listens to events: the connection stands when this returns.</summary>
    public async Task<IAsyncEnumerator<JsonElement>> Events()
    {
        var client = await ControlClient.Connect(ControlPath, Cancellation);
        await client.Ask("events", null, Cancellation);
        return Lines(client).GetAsyncEnumerator(Cancellation);
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Terminate()
    {
        Kill(process.Id, SigTerm).Should().Be(0);
        return await Exit();
    }

    /// <summary>SIGHUP: the configuration file is to be read again.</summary>
    public void HangUp() => Kill(process.Id, SigHangUp).Should().Be(0);

    /// <summary>Waits until the log says so.</summary>
    public async Task UntilLog(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!Log.Contains(text, StringComparison.Ordinal))
        {
            if (limit.IsCancellationRequested)
                Assert.Fail($"the log does not say '{text}' within {Patience}: {Log}");
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>SIGSTOP: what happens until <see cref="Continue"/> it learns of at once.</summary>
    public void Pause() => Kill(process.Id, SigStop).Should().Be(0);

    /// <summary>SIGCONT.</summary>
    public void Continue() => Kill(process.Id, SigContinue).Should().Be(0);

    /// <summary>SIGKILL: it dies silently.</summary>
    public Task<int> Murder()
    {
        Kill(process.Id, SigKill).Should().Be(0);
        return Exit();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Exit()
    {
        await process.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async IAsyncEnumerable<JsonElement> Lines(ControlClient client)
    {
        using (client)
        {
            await foreach (var line in client.Lines(Cancellation))
                yield return line;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>Short ways into a state dump.</summary>
internal static class StateExtensions
{
    /// <summary>The first interface.</summary>
    public static InterfaceState First(this RouterState state) => state.Interfaces[0];

    /// <summary>The group on the first interface; null when it is not there.</summary>
    public static GroupState? Group(this RouterState state, string group) =>
        state.First().Groups.FirstOrDefault(each => each.Group == Address.Parse(group));
}
