using System.Diagnostics;
using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance.LabRunner;

/// <summary>The commands on a lab that stays up, given as a user would give them.</summary>
public sealed class RunningLabCommandTests : IAsyncLifetime
{
    private const int Patience = 100;

    private string lab = "";

    public async ValueTask InitializeAsync()
    {
        if (EngineAvailability.Check() is not null)
            return;
        var up = await Labrunner.Run("up", "leave-with-gsq", "--json");
        up.Code.Should().Be(0, "{0}", up.Error);
        lab = JsonNode.Parse(up.Out)!["lab"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (lab.Length > 0)
            (await Labrunner.Run("down", lab)).Code.Should().Be(0);
    }

    [NamespacesFact]
    public async Task A_lab_that_is_up_is_in_the_status_with_all_its_nodes()
    {
        var status = JsonNode.Parse((await Labrunner.Run("status", "--json")).Out)!.AsArray();

        var own = status.Single(each => (string)each!["lab"]! == lab)!;
        own["state"]!.GetValue<string>().Should().Be("up");
        own["nodes"]!.AsArray().Should().HaveCount(4).And.OnlyContain(node => (bool)node!["alive"]!);
    }

    [NamespacesFact]
    public async Task A_join_is_in_the_state_of_the_host_and_then_in_that_of_the_router()
    {
        var join = await Labrunner.Run("join", "h1", "239.1.1.1", "--include", "10.1.0.100", "--lab", lab);

        join.Code.Should().Be(0, "{0}", join.Error);
        var host = JsonNode.Parse((await Labrunner.Run("state", "h1", "--json", "--lab", lab)).Out)!;
        host["group"]![0]!["group-address"]!.GetValue<string>().Should().Be("239.1.1.1");
        host["group"]![0]!["filter-mode"]!.GetValue<string>().Should().Be("include");
        (await Until(async () => (await GroupsOfRouter()).Any(group => (string)group!["group-address"]! == "239.1.1.1"))).Should().BeTrue();
    }

    [NamespacesFact]
    public async Task Leaving_a_group_that_was_not_joined_fails_in_the_words_of_the_host_agent()
    {
        var leave = await Labrunner.Run("leave", "h1", "239.9.9.9", "--lab", lab);

        leave.Code.Should().Be(1);
        leave.Error.Should().Contain("239.9.9.9 is not joined");
    }

    [NamespacesFact]
    public async Task A_command_runs_inside_the_node_and_its_exit_code_is_the_result()
    {
        var addresses = await Labrunner.Run("exec", "h2", "--lab", lab, "--", "ip", "-brief", "address", "show", "eth0");
        var exit = await Labrunner.Run("exec", "h2", "--lab", lab, "--", "sh", "-c", "exit 7");

        addresses.Code.Should().Be(0);
        addresses.Out.Should().Contain("10.0.0.12/24");
        exit.Code.Should().Be(7);
    }

    [NamespacesFact]
    public async Task A_node_that_is_not_there_is_a_usage_error_that_names_those_that_are()
    {
        var state = await Labrunner.Run("state", "r9", "--lab", lab);

        state.Code.Should().Be(2);
        state.Error.Should().Contain("r1").And.Contain("source");
    }

    [NamespacesFact]
    public async Task A_capture_has_the_messages_that_pass_while_it_runs()
    {
        using var capture = Labrunner.Start(new Dictionary<string, string?>(), "capture", "--lab", lab, "--lan", "A", "-o", "-");
        try
        {
            (await capture.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Contain("capturing");
            (await Labrunner.Run("join", "h2", "239.1.1.2", "--lab", lab)).Code.Should().Be(0);

            // Others speak on the LAN at their times too.
            using var reader = CaptureReader.Open(capture.StandardOutput.BaseStream);
            var join = reader
                .ReadAll()
                .Take(Patience)
                .FirstOrDefault(each => FrameDecoder.Decode(each).Info.Contains("239.1.1.2", StringComparison.Ordinal));
            join.Should().NotBeNull();
            join!.InterfaceName.Should().Be("A");
            join.Comments.Should().Equal("from h2 eth0");
        }
        finally
        {
            capture.Kill();
        }
    }

    [NamespacesFact]
    public async Task A_capture_is_inspected_while_it_runs()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "labrunner");
        using var pipe = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"\"$0\" capture --lab {lab} --lan A -o - | \"$0\" inspect --json -", program])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            (await pipe.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Contain("capturing");
            (await Labrunner.Run("join", "h2", "239.1.1.4", "--lab", lab)).Code.Should().Be(0);

            // Neither of the two has come to an end.
            string? line;
            do
                line = await pipe.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            while (line?.Contains("239.1.1.4", StringComparison.Ordinal) == false);
            line.Should().NotBeNull();

            // Whoever reads has seen enough: that ends both with the next frames.
            pipe.StandardOutput.Close();
            (await Labrunner.Run("leave", "h2", "239.1.1.4", "--lab", lab)).Code.Should().Be(0);
            await pipe.WaitForExitAsync(TestContext.Current.CancellationToken);
            pipe.ExitCode.Should().Be(0);
        }
        finally
        {
            pipe.Kill(entireProcessTree: true);
        }
    }

    [NamespacesFact]
    public async Task A_capture_ends_after_so_many_messages()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".pcapng");
        try
        {
            using var capture = Labrunner.Start(
                new Dictionary<string, string?>(), "capture", "--lab", lab, "--lan", "A", "--count", "2", "-o", path);
            (await capture.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Contain("capturing");
            (await Labrunner.Run("join", "h2", "239.1.1.3", "--lab", lab)).Code.Should().Be(0);

            var ended = await Labrunner.End(capture);

            ended.Code.Should().Be(0, "{0}", ended.Error);
            ended.Error.Should().Contain("2 frames");
            using var reader = CaptureReader.Open(path);
            reader.ReadAll().ToList().Should().HaveCount(2).And.OnlyContain(each => each.InterfaceName == "A");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [NamespacesFact]
    public async Task Watch_tells_the_state_first_however_short_its_time_is()
    {
        var watch = await Labrunner.Run("watch", "--lab", lab, "--duration", "0.001", "--json");

        watch.Code.Should().Be(0);
        var state = JsonNode.Parse(watch.Out.Split('\n')[0])!["state"]!;
        state["r1"]!["ietf-igmp-mld:igmp"]!["interfaces"]!["interface"]!.AsArray().Should().HaveCount(2);
        state["h1"]!.AsArray().Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task After_down_nothing_of_it_is_known_any_more()
    {
        (await Labrunner.Run("down", lab)).Code.Should().Be(0);

        (await Labrunner.Run("status", "--json")).Out.Should().NotContain(lab);
        (await Labrunner.Run("state", "r1", "--lab", lab)).Code.Should().Be(1);
        lab = "";
    }

    private async Task<JsonArray> GroupsOfRouter()
    {
        var state = JsonNode.Parse((await Labrunner.Run("state", "r1", "--json", "--lab", lab)).Out)!;
        var downstream = state["ietf-igmp-mld:igmp"]!["interfaces"]!["interface"]!
            .AsArray()
            .Single(each => (string)each!["interface-name"]! == "eth1")!;
        return downstream["group"]?.AsArray() ?? [];
    }

    // Each question is a run of the program: that is pause enough.
    private static async Task<bool> Until(Func<Task<bool>> condition)
    {
        for (var i = 0; i < Patience; i++)
        {
            if (await condition())
                return true;
        }

        return false;
    }
}
