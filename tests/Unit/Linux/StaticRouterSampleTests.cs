using System.Diagnostics;
using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>The program of <c>samples/StaticRouter</c>, run as its reader would.</summary>
public sealed partial class StaticRouterSampleTests : IDisposable
{
    private const int SigTerm = 15;

    private readonly RoutedLans lans = new(3);

    public void Dispose() => lans.Dispose();

    [Fact]
    public async Task It_forwards_what_it_was_told_to_and_counts()
    {
        using var sample = await Start("239.1.0.0/16", "eth0", "eth1", "eth2=16");
        using var sender = lans.Sender(0);
        using var near = lans.EavesdropOn(1);
        using var far = lans.EavesdropOn(2);

        sender.Send("239.1.1.1", 1, ttl: 16);
        near.Until(1);
        sender.Send("239.2.1.1", 2);
        sender.Send("239.1.1.1", 3, ttl: 17);
        near.Until(3).Should().Equal(1, 3);
        far.Until(3).Should().Equal(3);

        // The third datagram found its way without the program; so the second upcall may still wait for it.
        (await sample.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))
            .Should()
            .Be("(10.0.0.2, 239.1.1.1) from VIF 0 to 1 2(16)");
        (await sample.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))
            .Should()
            .Be("(10.0.0.2, 239.2.1.1) from VIF 0 to nowhere");
        Kill(sample.Id, SigTerm).Should().Be(0);
        (await sample.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .Equal("(10.0.0.2, 239.1.1.1): 2 packets, 0 on wrong interfaces", "(10.0.0.2, 239.2.1.1): 1 packets, 0 on wrong interfaces");
        await sample.WaitForExitAsync(TestContext.Current.CancellationToken);
        sample.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task A_second_one_is_told_who_is_in_the_way()
    {
        using var first = await Start("239.1.0.0/16", "eth0", "eth1");

        using var second = lans.Router.Start(Executable, "239.1.0.0/16", "eth0", "eth1");
        (await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should()
            .Contain($"Another multicast router, staticrouter (process {first.Id}), holds this table of the network namespace");
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        second.ExitCode.Should().Be(1);
        Kill(first.Id, SigTerm).Should().Be(0);
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "staticrouter");

    private async Task<Process> Start(params string[] arguments)
    {
        var process = lans.Router.Start(Executable, arguments);
        (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("staticrouter: ready");
        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
