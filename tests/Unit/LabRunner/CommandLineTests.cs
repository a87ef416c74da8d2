using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary>The command line's contract: exit codes, streams, no escape codes in pipes.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("doctor", "--frobnicate")]
    [InlineData("completion", "tcsh")]
    [InlineData("watch", "--duration", "NaN")]
    [InlineData("watch", "--duration", "-1")]
    [InlineData("capture", "--duration", "Infinity")]
    [InlineData("capture", "--duration", "0")]
    [InlineData("completion")]
    public async Task A_wrong_command_line_ends_with_2_and_says_so_on_stderr(params string[] arguments)
    {
        var ended = await Labrunner.Run(arguments);

        ended.Code.Should().Be(2);
        ended.Out.Should().BeEmpty();
        ended.Error.Should().Contain("--help");
    }

    [Fact]
    public async Task No_command_at_all_shows_the_commands_and_ends_with_2()
    {
        var ended = await Labrunner.Run();

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("doctor");
    }

    [Fact]
    public async Task A_misspelt_command_is_told_the_right_one()
    {
        var ended = await Labrunner.Run("docter");

        ended.Error.Should().Contain("doctor");
    }

    [Fact]
    public async Task Help_is_a_result_and_not_a_complaint()
    {
        var ended = await Labrunner.Run("--help");

        ended.Code.Should().Be(0);
        ended.Error.Should().BeEmpty();
        ended.Out.Should().Contain("Usage:");
    }

    [Fact]
    public async Task Doctor_gives_every_check_a_name_a_status_and_a_remedy_where_something_is_missing()
    {
        var ended = await Labrunner.Run("doctor", "--json");

        var report = JsonNode.Parse(ended.Out)!;
        var checks = report["checks"]!.AsArray();
        ended.Code.Should().Be(report["ready"]!.GetValue<bool>() ? 0 : 4);
        checks
            .Select(check => (string)check!["name"]!)
            .Should()
            .Contain(["kernel", "privilege", "ip", "unshare", "nsenter", "tshark", "docker"]);
        checks
            .Select(check => (string)check!["status"]!)
            .Should()
            .OnlyContain(status => status == "ok" || status == "missing" || status == "optional");
        checks.Should().NotContain(check => (string)check!["status"]! == "missing" && check!["remedy"] == null);
    }

    [Fact]
    public async Task Doctor_says_which_package_brings_a_missing_tool()
    {
        var ended = await Labrunner.Run(new Dictionary<string, string?> { ["PATH"] = "/nowhere" }, "doctor", "--json");

        var unshare = JsonNode.Parse(ended.Out)!["checks"]!.AsArray().Single(check => (string)check!["name"]! == "unshare")!;
        unshare["status"]!.GetValue<string>().Should().Be("missing");
        unshare["remedy"]!.GetValue<string>().Should().Contain("apt-get install util-linux");
        ended.Code.Should().Be(4);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_completion_script_asks_the_program_itself(string shell)
    {
        var ended = await Labrunner.Run("completion", shell);

        ended.Code.Should().Be(0);
        ended.Out.Should().Contain("[suggest:");
    }

    [Fact]
    public async Task Completion_knows_the_commands()
    {
        var ended = await Labrunner.Run("[suggest:3]", "doc");

        ended.Out.Split('\n').Should().Contain("doctor");
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("list")]
    [InlineData("inspect", "--tree")]
    public async Task A_reader_that_has_seen_enough_is_no_error(params string[] arguments)
    {
        string[] all =
            arguments[0] == "inspect"
                ? [.. arguments, Path.Combine(Repository.Root, "captures", "querier-election.verified.pcapng")]
                : arguments;
        using var process = Labrunner.Start(new Dictionary<string, string?>(), all);

        process.StandardOutput.Close();

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.Should().Be(0);
        (await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().BeEmpty();
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("--help")]
    public async Task A_pipe_gets_no_escape_codes(params string[] arguments)
    {
        var ended = await Labrunner.Run(
            new Dictionary<string, string?> { ["TERM"] = "xterm-256color", ["NO_COLOR"] = null, ["CI"] = null }, arguments);

        ended.Out.Should().NotBeEmpty().And.NotContain("\u001b");
        ended.Error.Should().NotContain("\u001b");
    }
}
