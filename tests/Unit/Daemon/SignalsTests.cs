using System.Diagnostics;
using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Daemon;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>Signals that a program handles itself.</summary>
public sealed class SignalsTests
{
    [Fact]
    public async Task A_signal_is_caught_until_it_is_let_go()
    {
        var caught = new SemaphoreSlim(0);
        var count = 0;
        using (Signals.Catch(PosixSignal.SIGWINCH, Count))
        {
            await Raise("WINCH");
            (await caught.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Should().BeTrue();
        }

        using var other = Signals.Catch(PosixSignal.SIGWINCH, () =>
        {
            caught.Release();
            return true;
        });
        await Raise("WINCH");
        (await caught.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Should().BeTrue();
        count.Should().Be(1);

        bool Count()
        {
            count++;
            caught.Release();
            return true;
        }
    }

    private static async Task Raise(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{Environment.ProcessId}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        kill.ExitCode.Should().Be(0);
    }
}
