using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>
/// Devices under test as nodes of a lab (DESIGN §6), shown with one that a test writes: a shell script that does what it is told.
/// </summary>
public sealed class DeviceTests
{
    private const string Yaml = "title: A box\nrole: router\nprotocols: [igmp]\nversion: echo box 1.0; echo more\n";

    private static readonly Address G = Address.Parse("239.1.1.1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_device_gets_its_place_its_interfaces_and_its_timers()
    {
        using var folder = Folder(
            Yaml
                + "start: ./start\nready: { output: ^up$ }\ntimers:\n  QUERY_INTERVAL: { default: 125, min: 5, step: 5 }\n  "
                + "QUERY_RESPONSE_INTERVAL: { default: 10 }\n",
            "env | grep -E '^(DEVICE|QUERY|OPTION|OWN)_' | sort >\"$DEVICE_RUN/environment\"\npwd >>\"$DEVICE_RUN/environment\"\necho "
                + "up\nexec sleep 1000\n",
            "box[env]=\"OPTION_FORWARD=1\"\nbox[env]=\"OWN_WORD=two words\"\n");
        await using var lab = await Up(
            folder,
            new LabOptions { Timing = new() { QueryInterval = TimeSpan.FromSeconds(7), QueryResponseInterval = TimeSpan.FromSeconds(1) } });

        var device = Path.Combine(folder.Path, "device");
        (await lab.Execute("box", "cat /run/device/environment", Cancellation))
            .Output.Should()
            .Be(
                string.Join(
                    '\n', "DEVICE_ADDRESS=10.0.0.1", $"DEVICE_DIR={device}", "DEVICE_INTERFACES=eth0 eth1", "DEVICE_PROTOCOL=igmp",
                    "DEVICE_RUN=/run/device", "OPTION_FORWARD=1", "OWN_WORD=two words", "QUERY_INTERVAL=10", device, ""));
        (await lab.Log("box", Cancellation)).Should().Contain("\ndevice: A box, box 1.0\nup\n");
        (await lab.DeviceVersion("box", Cancellation)).Should().Be("box 1.0");
    }

    [NamespacesFact]
    public async Task Its_folder_cannot_be_changed_from_the_node()
    {
        using var folder = Folder(Yaml + "start: ./start\n", "exec sleep 1000\n");
        await using var lab = await Up(folder);

        var result = await lab.Execute("box", $"echo changed >>{folder.Path}/device/start", Cancellation);

        result.ExitCode.Should().NotBe(0);
        result.Error.Should().Contain("Read-only");
        File.ReadAllText(Path.Combine(folder.Path, "device/start")).Should().NotContain("changed");
    }

    [NamespacesFact]
    public async Task It_is_ready_when_its_command_succeeds()
    {
        using var folder = Folder(
            Yaml + "start: ./start\nready: { command: 'touch \"$DEVICE_RUN/asked\" && [ -e \"$DEVICE_RUN/there\" ]' }\n",
            "sleep 0.3\ntouch \"$DEVICE_RUN/there\"\nexec sleep 1000\n");

        await using var lab = await Up(folder);

        (await lab.Execute("box", "ls /run/device", Cancellation)).Output.Should().Be("asked\nthere\n");
    }

    [NamespacesFact]
    public async Task It_is_ready_when_its_first_General_Query_was_seen()
    {
        using var folder = Folder(
            Yaml + "start: router run --interface eth0\nready: { query: true }\n", "");

        await using var lab = await Up(folder);

        lab.Frames.Should().Contain(frame => frame.Node == "box" && frame.Lan == "A");
    }

    [NamespacesFact]
    public async Task One_that_is_never_ready_is_told_with_what_it_has_said()
    {
        using var folder = Folder(Yaml + "start: ./start\nready: { output: ^never$, within: 0.5 }\n", "echo not yet\nexec sleep 1000\n");

        var up = () => Up(folder);

        (await up.Should().ThrowAsync<LabSetupException>())
            .Which.Message.Should()
            .StartWith("box: the device device is not ready after 0.5 s; waited until it writes '^never$':\n")
            .And.EndWith("not yet");
    }

    [NamespacesFact]
    public async Task One_that_dies_before_it_is_ready_has_died()
    {
        using var folder = Folder(Yaml + "start: ./start\nready: { output: ^never$, within: 30 }\n", "echo last words\nexit 3\n");

        var up = () => Up(folder);

        var died = (await up.Should().ThrowAsync<DeviceDiedException>()).Which;
        (died.Node, died.Daemon).Should().Be(("box", "device"));
        died.Message.Should().EndWith("last words");
    }

    [NamespacesFact]
    public async Task One_that_dies_later_fails_what_goes_on()
    {
        using var folder = Folder(Yaml + "start: ./start\n", "mkfifo /run/die\nread word </run/die\necho \"last words: $word\"\n");
        await using var lab = await Up(folder);

        await lab.Execute("box", "until [ -p /run/die ]; do :; done; echo goodbye >/run/die", Cancellation);
        var until = () => lab.Until(_ => Task.FromResult(false), TimeSpan.FromSeconds(10), Cancellation);

        (await until.Should().ThrowAsync<DeviceDiedException>()).Which.Message.Should().Contain("last words: goodbye");
    }

    [NamespacesFact]
    public async Task One_that_was_killed_starts_again_in_an_empty_folder_of_its_own()
    {
        using var folder = Folder(
            Yaml + "start: ./start\nready: { output: ^up }\n",
            "[ ! -e \"$DEVICE_RUN/old\" ] || exit 1\ntouch \"$DEVICE_RUN/old\"\necho up\nexec sleep 1000\n");
        await using var lab = await Up(folder);

        await lab.Kill("box", Cancellation);
        (await lab.Execute("box", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '", Cancellation)).Output.Should().NotContain("sleep 1000");
        await lab.Start("box", Cancellation);

        (await lab.Log("box", Cancellation)).Split('\n').Count(each => each == "up").Should().Be(2);
        await lab.PassUntil(lab.Now, Cancellation);
    }

    [NamespacesFact]
    public async Task Its_state_is_what_its_command_prints_and_is_asked_again_while_something_is_waited_for()
    {
        using var folder = Folder(
            Yaml + "start: ./start\nstate: ./state\n", "sleep 0.5\ntouch \"$DEVICE_RUN/joined\"\nexec sleep 1000\n", files: ("state", """
            group=
            [ ! -e "$DEVICE_RUN/joined" ] || group='{"group-address":"239.1.1.1","filter-mode":"exclude","expire":9}'
            echo "{\"ietf-igmp-mld:igmp\":{\"interfaces\":{\"interface\":[{\"interface-name\":\"eth0\",\"group\":[$group]}]}}}"

            """));
        await using var lab = await Up(folder);

        (await lab.Until(async token => (await lab.RouterState("box", token)).Group(G).IsExclude(), TimeSpan.FromSeconds(10), Cancellation))
            .Should()
            .BeTrue();
    }

    [NamespacesFact]
    public async Task A_state_that_is_none_and_one_that_is_not_to_be_had_are_told()
    {
        using var folder = Folder(
            Yaml + "start: ./start\nstate: ./state\n", "exec sleep 1000\n",
            files: ("state", "[ -e /run/said ] || { touch /run/said; echo nothing; exit 0; }\necho no idea >&2\nexit 2\n"));
        await using var lab = await Up(folder);

        var state = () => lab.RouterState("box", Cancellation);

        await state
            .Should()
            .ThrowAsync<NodeRefusedException>()
            .WithMessage("box: the device device gives an invalid state: The state dump is not JSON: *");
        await state
            .Should()
            .ThrowAsync<NodeRefusedException>()
            .WithMessage("box: 'state' of the device device has failed (exit code 2): no idea");
    }

    [NamespacesFact]
    public async Task A_host_listens_by_its_own_command()
    {
        using var folder = Folder(
            Yaml.Replace("role: router", "role: host", StringComparison.Ordinal) + "start: ./start\nlisten: ./listen\n",
            "exec sleep 1000\n", files: ("listen", "echo \"$SOCKET $MODE $GROUP [$SOURCES]\" >>\"$DEVICE_RUN/asked\"\n"));
        await using var lab = await Up(folder);

        await lab.Listen("box", G, SourceFilter.AnySource, Cancellation);
        await lab.Listen(
            "box", G, SourceFilter.Of(FilterMode.Include, [Address.Parse("192.0.2.1"), Address.Parse("192.0.2.2")]), Cancellation);
        await lab.Listen("box", G, SourceFilter.None, Cancellation);
        await lab.Listen("box", "s2", G, SourceFilter.AnySource, Cancellation);

        (await lab.Execute("box", "cat /run/device/asked", Cancellation)).Output.Should()
            .Be("1 exclude 239.1.1.1 []\n1 include 239.1.1.1 [192.0.2.1 192.0.2.2]\n1 include 239.1.1.1 []\ns2 exclude 239.1.1.1 []\n");
    }

    [NamespacesFact]
    public async Task What_a_device_needs_and_the_machine_lacks_is_told_before_anything_is_made()
    {
        using var registry = new Registry();
        using var folder = Folder(
            Yaml
                + "start: ./start\nrequires:\n  - { file: /no/such/file, remedy: get the file }\n  - { file: [no-such, start], remedy: "
                + "none }\n",
            "");

        var up = () => new NamespacesEngine(registry.Labs).Up(folder.Read(), new LabOptions(), Cancellation);

        (await up.Should().ThrowAsync<EnvironmentUnfitException>())
            .Which.Unfitness.Should()
            .Be(new Unfitness("A box needs /no/such/file.", "get the file"));
        Directory.Exists(registry.Labs.Root).Should().BeFalse();
    }

    /// <summary>A folder with the node box on LANs A and B, and its device in <c>device/</c>.</summary>
    private static TopologyFolder Folder(string yaml, string start, string labConf = "", params (string Name, string Script)[] files)
    {
        var folder = new TopologyFolder(
        [
            ("lab.conf", $"box[0]=\"A\"\nbox[1]=\"B\"\nbox[image]=\"device/./device\"\n{labConf}"),
            ("box.startup", "ip address replace 10.0.0.1/24 dev eth0\nip address replace 10.1.0.1/24 dev eth1\n"),
            ("device/device.yaml", yaml),
            ("device/start", "#!/bin/sh\n" + start),
            .. files.Select(each => ("device/" + each.Name, "#!/bin/sh\n" + each.Script)),
        ]);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        foreach (var file in files.Select(each => each.Name).Append("start"))
            File.SetUnixFileMode(Path.Combine(folder.Path, "device", file), (UnixFileMode)0b111_101_101);
        return folder;
    }

    private static async Task<RealLab> Up(TopologyFolder folder, LabOptions? options = null)
    {
        var lab = await new NamespacesEngine().Up(folder.Read(), options ?? new LabOptions(), Cancellation);
        try
        {
            await lab.Start("box", Cancellation);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }
}
