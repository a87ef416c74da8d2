using System.Text;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Text;
using MulticastLab.Router.Cli;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>The real programs with a configuration file.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public async Task The_router_runs_as_its_file_says()
    {
        using var here = PrivateNetwork.CreateOrSkip();
        using var there = PrivateNetwork.CreateOrSkip();
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        File.WriteAllText(
            file, "defaults: {robustness-variable: 4}\ninterfaces:\n  eth0:\n    query-interval: 30\n    query-max-response-time: 4\n");
        using var ear = new IgmpEar(there);

        using var router = await RouterProcess.StartReady(here, $"--config {file}");

        var query = ear.Next(each => each.Type == IgmpType.MembershipQuery, "the first query");
        IgmpPacket.TryRead(query.Packet, out var message);
        message.Query.RobustnessVariable.Should().Be(4);
        message.Query.QueryInterval.Should().Be(TimeSpan.FromSeconds(30));
        message.Query.MaxResponseTime.Should().Be(TimeSpan.FromSeconds(4));
        (await router.State()).First().Timing.RobustnessVariable.Should().Be(4);
    }

    [Fact]
    public async Task A_router_does_not_start_with_an_invalid_file_and_says_all_that_is_wrong()
    {
        using var here = PrivateNetwork.CreateOrSkip();
        File.WriteAllText(file, "interfaces:\n  eth0:\n    query-interval: x\n    colour: red\n");

        using var router = RouterProcess.Start(here, $"--config {file}");

        (await router.Exit()).Should().Be(3);
        await router.Invoking(each => each.Ready()).Should().ThrowAsync<InvalidOperationException>();
        router
            .Log.Should()
            .Be($"{file}:3:21: query-interval: must be seconds above 0, at most 31744, not 'x'\n{file}:4:5: eth0 has no 'colour'\n(end)");
    }

    [Fact]
    public void A_file_that_was_written_on_Windows_is_read_as_any_other_and_UTF_16_is_told()
    {
        const string Text = "interfaces:\n  eth0:\n    query-interval: 30\n    group-policy: [permit 239.0.0.0/8]\n";
        File.WriteAllText(file, Text);
        var plain = ConfigurationReader.ReadFile(file);
        foreach (var end in (string[])["\r\n", "\r"])
        {
            File.WriteAllText(file, Text.ReplaceLineEndings(end), Encoding.UTF8);
            ConfigurationReader.ReadFile(file).Interfaces.Should().Equal(plain.Interfaces);
        }

        File.WriteAllText(file, (Text + "colour: red\n").ReplaceLineEndings("\r\n"), Encoding.UTF8);
        FluentActions
            .Invoking(() => ConfigurationReader.ReadFile(file))
            .Should()
            .Throw<InvalidFileException>()
            .WithMessage($"{file}:5:1: *colour*");
        File.WriteAllText(file, Text, Encoding.Unicode);
        FluentActions.Invoking(() => ConfigurationReader.ReadFile(file)).Should().Throw<InvalidFileException>()
            .WithMessage($"{file}:1:1: the file is UTF-16 text: save it as UTF-8");
        RouterCommand.Run(["check", file]).Should().Be(ExitCode.Invalid);
        RouterCommand.Run(["run", "--forward", "--mroutes", file]).Should().Be(ExitCode.Invalid);
    }

    [Fact]
    public void A_valid_file_checks_with_0_and_an_invalid_or_missing_one_with_3()
    {
        File.WriteAllText(file, "interfaces: {eth0: }");
        RouterCommand.Run(["check", file]).Should().Be(ExitCode.Ok);
        File.WriteAllText(file, "interfaces: {eth0: {version: 7}}");
        RouterCommand.Run(["check", file]).Should().Be(ExitCode.Invalid);
        RouterCommand.Run(["run", "--config", file]).Should().Be(ExitCode.Invalid);
        RouterCommand.Run(["check", "/nonexistent/r.yaml"]).Should().Be(ExitCode.Invalid);
    }
}
