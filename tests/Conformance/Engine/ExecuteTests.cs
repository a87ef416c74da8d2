using FluentAssertions;
using MulticastLab.Lab.Engines;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>Commands in the nodes of a lab on real packets.</summary>
public sealed class ExecuteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_command_of_the_shell_gives_its_exit_code_and_both_streams()
    {
        await using var line = await StartedLine.Of(1);

        (await line.Lab.Execute("n1", "echo out; echo \"err of $(uname -n)\" >&2; exit 3", Cancellation))
            .Should().Be(new CommandResult(3, "out\n", "err of n1\n"));
        (await line.Lab.Execute("n1", "no-such-program", Cancellation)).ExitCode.Should().Be(127);
        (await line.Lab.Execute("n1", "kill -TERM $$", Cancellation)).ExitCode.Should().Be(128 + 15);
    }

    [NamespacesFact]
    public async Task More_than_a_pipe_holds_comes_whole_on_both_streams()
    {
        await using var line = await StartedLine.Of(1);

        var result = await line.Lab.Execute(
            "n1", "head -c 300000 /dev/zero | tr '\\0' e >&2; head -c 200000 /dev/zero | tr '\\0' o", Cancellation);

        (result.Output.Length, result.Error.Length).Should().Be((200_000, 300_000));
    }

    [NamespacesFact]
    public async Task What_a_command_leaves_running_is_not_waited_for()
    {
        await using var line = await StartedLine.Of(1);

        (await line.Lab.Execute("n1", "sleep 1000 & echo started", Cancellation)).Should().Be(new CommandResult(0, "started\n", ""));
    }

    [NamespacesFact]
    public async Task A_command_that_is_cancelled_ends()
    {
        await using var line = await StartedLine.Of(1);
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        soon.CancelAfter(TimeSpan.FromMilliseconds(100));

        var execute = () => line.Lab.Execute("n1", "exec sleep 1000", soon.Token);

        await execute.Should().ThrowAsync<OperationCanceledException>();
        (await line.Lab.Execute("n1", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", Cancellation)).Output.Should().NotContain("sleep 1000");
    }

    [NamespacesFact]
    public async Task A_node_that_is_not_there_is_told()
    {
        await using var line = await StartedLine.Of(1);

        var execute = () => line.Lab.Execute("n9", "true", Cancellation);

        await execute.Should().ThrowAsync<ArgumentException>().WithMessage("*has no node n9*");
    }
}
