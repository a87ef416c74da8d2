using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>
/// A network namespace of a test's own, held by a thread that never leaves it: what is run there opens its sockets there, and processes
/// started there live there. Nothing of it is left when it is disposed. The test is skipped where such a namespace cannot be created.
/// </summary>
internal sealed partial class PrivateNetwork : IDisposable
{
    private const int NewNetwork = 0x4000_0000; // CLONE_NEWNET

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    private PrivateNetwork(Action<int> ready)
    {
        thread = new Thread(() =>
        {
            if (Unshare(NewNetwork) < 0)
            {
                ready(Marshal.GetLastPInvokeError());
                return;
            }

            ThreadId = GetThreadId();
            ready(0);
            foreach (var action in work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "private network" };
        thread.Start();
    }

    /// <summary>The holder's thread id: <c>ip link set … netns</c> takes it.</summary>
    public int ThreadId { get; private set; }

    /// <summary>Makes a namespace with its loopback up, or skips the test.</summary>
    public static PrivateNetwork CreateOrSkip()
    {
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new PrivateNetwork(started.SetResult);
        var error = started.Task.GetAwaiter().GetResult();
        Assert.SkipWhen(error != 0, $"no network namespace to be had here: unshare(CLONE_NEWNET): {Marshal.GetPInvokeErrorMessage(error)}");
        network.Ip("link set lo up");
        return network;
    }

    /// <summary>Wires <c>eth0</c> here to <c>eth0</c> there, with addresses, quiet (no IPv6), up.</summary>
    public void WireTo(PrivateNetwork other, string address, string otherAddress)
    {
        foreach (var network in (PrivateNetwork[])[this, other])
            network.WriteSysctl("net/ipv6/conf/default/disable_ipv6", "1");
        Ip($"link add eth0 type veth peer name eth0 netns {other.ThreadId}");
        Ip($"address add {address} dev eth0");
        other.Ip($"address add {otherAddress} dev eth0");
        Ip("link set eth0 up");
        other.Ip("link set eth0 up");
        // Until the kernel has noticed the carrier, some time later, it silently drops what is sent.
        while (
            !Ip("-o link show eth0").Contains("state UP", StringComparison.Ordinal)
            || !other.Ip("-o link show eth0").Contains("state UP", StringComparison.Ordinal)
        ) { }
    }

    /// <summary>Runs <c>ip</c> here and returns what it prints.</summary>
    public string Ip(string arguments)
    {
        using var process = Start("ip", arguments.Split(' '));
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"ip {arguments}: {error}");
    }

    /// <summary>Starts a process here, its streams redirected.</summary>
    public Process Start(string program, params IEnumerable<string> arguments) =>
        Run(() => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    /// <summary>Writes a kernel setting of this namespace.</summary>
    public void WriteSysctl(string name, string value) => Run(() => File.WriteAllText(Path.Combine("/proc/sys", name), value));

    /// <summary>Reads a kernel setting of this namespace.</summary>
    public string ReadSysctl(string name) => Run(() => File.ReadAllText(Path.Combine("/proc/sys", name)).Trim());

    /// <summary>Runs a function on the holder's thread.</summary>
    public T Run<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                result.SetResult(function());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs an action on the holder's thread.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
