using FluentAssertions;
using MulticastLab.Lab.Devices;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>The <c>device.yaml</c> of a device under test (DESIGN §6): what it says, and where it is wrong.</summary>
public sealed class DeviceReaderTests
{
    public static TheoryData<string> Shipped =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "lab", "devices")).Select(each => Path.GetFileName(each)!)];

    // The example of DESIGN §6, to the letter but for its comments.
    [Fact]
    public void All_that_a_device_can_say_is_read()
    {
        using var folder = new DeviceFolder("""
            title: FRRouting pimd
            role: router
            protocols: [igmp]
            requires:
              - { file: /usr/lib/frr/pimd, remedy: "apt-get install frr" }
              - { file: [program, /usr/bin/env], remedy: "none" }
            version: /usr/lib/frr/pimd --version
            start: ./start
            ready: { command: "./ready", within: 12.5 }
            state: ./state
            timers:
              QUERY_INTERVAL:              { default: 125, min: 1, step: 1 }
              QUERY_RESPONSE_INTERVAL:     { default: 10, min: 0.1, step: 0.1 }
              LAST_MEMBER_QUERY_COUNT:     { default: 2 }
              VERSION:                     { default: 3, min: 2 }
            granularity: 0.05
            options: [require-router-alert, forward]
            lacks: { "V3-X-7.3.2-*": "no group compatibility mode" }
            image: frr:8.4
            """);

        folder
            .Read()
            .Should()
            .BeEquivalentTo(
                new Device
                {
                    Name = "box",
                    Folder = folder.Path,
                    Title = "FRRouting pimd",
                    Role = DeviceRole.Router,
                    Protocols = [Dialect.Igmp],
                    Requirements =
                    [
                        new DeviceRequirement(["/usr/lib/frr/pimd"], "apt-get install frr"),
                        new DeviceRequirement(["program", "/usr/bin/env"], "none")],
                    Version = "/usr/lib/frr/pimd --version",
                    Start = "./start",
                    Ready = new ReadyByCommand("./ready", TimeSpan.FromSeconds(12.5)),
                    State = "./state",
                    Timers = new Dictionary<string, DeviceTimer>
                    {
                        ["QUERY_INTERVAL"] = new(125, 1, 1),
                        ["QUERY_RESPONSE_INTERVAL"] = new(10, 0.1m, 0.1m),
                        ["LAST_MEMBER_QUERY_COUNT"] = new(2),
                        ["VERSION"] = new(3, 2),
                    },
                    Granularity = TimeSpan.FromMilliseconds(50),
                    Options = ["require-router-alert", "forward"],
                    Lacks = new Dictionary<string, string> { ["V3-X-7.3.2-*"] = "no group compatibility mode" },
                    Image = "frr:8.4",
                });
    }

    [Fact]
    public void A_device_that_says_the_least_is_ready_at_once_and_has_nothing_to_ask_for()
    {
        using var folder = new DeviceFolder(
            DeviceFolder.Least.Replace("router", "host", StringComparison.Ordinal)
                + "listen: ./listen\nprotocols: [mld, igmp]\n".Split('\n')[0]
                + "\n");

        var device = folder.Read();

        (device.Role, device.Listen, device.Ready, device.State, device.Image, device.Granularity)
            .Should()
            .Be((DeviceRole.Host, "./listen", null, null, null, TimeSpan.Zero));
        device.Timers.Should().BeEmpty();
    }

    [Fact]
    public void Readiness_is_a_command_an_output_or_a_query_within_ten_seconds_unless_told()
    {
        Readiness("{ output: '^up: [0-9]+' }").Should().BeOfType<ReadyByOutput>().Which.Pattern.IsMatch("first\nup: 3\n").Should().BeTrue();
        Readiness("{ query: true }").Should().Be(new ReadyByQuery(TimeSpan.FromSeconds(10)));
        Readiness("{ query: true, within: 3 }").Should().Be(new ReadyByQuery(TimeSpan.FromSeconds(3)));

        static DeviceReadiness? Readiness(string yaml)
        {
            using var folder = new DeviceFolder(DeviceFolder.Least + "ready: " + yaml);
            return folder.Read().Ready;
        }
    }

    [Theory]
    [InlineData(
        "",
        "1:1: a device is a mapping with title, role, protocols, requires, version, start, ready, state, listen, timers, granularity, "
            + "options, lacks, image, simulated, resolution")]
    [InlineData("title: x\n", "1:1: 'role' is missing", "1:1: 'protocols' is missing", "1:1: 'start' is missing")]
    [InlineData("title: [x\n", "2:1: not YAML: *")]
    [InlineData(
        "title: x\nrole: ruoter\nprotocols: [igmp]\nstart: s\n",
        "2:7: 'ruoter' is not router or host or switch or proxy; did you mean router?")]
    [InlineData("title: x\nrole: host\nprotocols: []\nstart: s\n", "3:12: a device speaks at least one protocol: igmp, mld")]
    [InlineData("title: x\nrole: host\nprotocols: [igpm]\nstart: s\n", "3:13: 'igpm' is not igmp or mld; did you mean igmp?")]
    [InlineData("title: x\nrole: host\nprotocols: igmp\nstart: s\n", "3:12: 'protocols' is a list")]
    [InlineData("title:\nrole: host\nprotocols: [igmp]\nstart: s\n", "1:7: a text is needed here")]
    public void A_wrong_file_is_said_to_be_wrong_there(string yaml, params string[] errors) => Check(yaml, errors);

    [Theory]
    [InlineData("strat: ./x\n", "5:1: there is no 'strat' here; did you mean start?")]
    [InlineData("title: another\n", "5:1: 'title' is there twice")]
    [InlineData("listen: ./listen\n", "5:9: only a host listens; this is a router")]
    [InlineData("requires:\n  - { fiel: /x, remedy: y }\n", "6:5: 'file' is missing", "6:7: there is no 'fiel' here; did you mean file?")]
    [InlineData("requires:\n  - /usr/bin/env\n", "6:5: a requirement is a mapping with file, remedy")]
    [InlineData("ready: { within: 3 }\n", "5:8: 'ready' has one of 'command', 'output' and 'query'")]
    [InlineData("ready: { command: x, query: true }\n", "5:8: 'ready' has one of 'command', 'output' and 'query'")]
    [InlineData("ready: { output: '[' }\n", "5:18: not a regular expression: *")]
    [InlineData("ready: { query: false }\n", "5:17: 'false' is not true")]
    [InlineData("ready: { query: true, within: soon }\n", "5:31: must be seconds from 0 to 1000000")]
    [InlineData("timers:\n  QUERY_INTERVALL: { default: 1 }\n", "6:3: there is no timer 'QUERY_INTERVALL'; did you mean QUERY_INTERVAL?")]
    [InlineData("timers:\n  QUERY_INTERVAL: 125\n", "6:19: 'QUERY_INTERVAL' is a mapping with default, min, step")]
    [InlineData("timers:\n  QUERY_INTERVAL: { min: 1 }\n", "6:19: 'default' is missing")]
    [InlineData("timers:\n  QUERY_INTERVAL: { default: 125, step: 1 }\n", "6:41: a timer that can be set has a 'min' too")]
    [InlineData("timers:\n  QUERY_INTERVAL: { default: 125, min: 1, step: 0 }\n", "6:49: a step is above 0")]
    [InlineData("timers:\n  QUERY_INTERVAL: { default: 1, min: 5 }\n", "6:38: it is above the default")]
    [InlineData("timers:\n  ROBUSTNESS_VARIABLE: { default: 2.5 }\n", "6:35: 'ROBUSTNESS_VARIABLE' is a whole number")]
    [InlineData("timers:\n  VERSION: { default: three }\n", "6:23: must be a whole number from 0 to 1000000")]
    [InlineData("timers:\n  VERSION: { default: 3 }\n  VERSION: { default: 2 }\n", "7:3: 'VERSION' is there twice")]
    [InlineData("granularity: -1\n", "5:14: must be seconds from 0 to 1000000")]
    [InlineData("options: [Forward]\n", "5:11: 'Forward' is not an option's name: small letters, digits and hyphens")]
    [InlineData("lacks: [x]\n", "5:8: 'lacks' is a mapping")]
    public void What_is_added_to_the_least_is_checked(string yaml, params string[] errors) => Check(DeviceFolder.Least + yaml, errors);

    [Fact]
    public void A_folder_without_the_file_and_one_that_is_not_there_are_told_apart()
    {
        using var folder = new DeviceFolder("");
        File.Delete(Path.Combine(folder.Path, Device.FileName));

        var without = () => DeviceReader.Read(folder.Path);
        var missing = () => DeviceReader.Read(folder.Path + "/none");

        without
            .Should()
            .Throw<InvalidFileException>()
            .WithMessage($"{folder.Path}/device.yaml:1:1: a device's folder needs a device.yaml: *");
        missing.Should().Throw<InvalidFileException>().WithMessage($"{folder.Path}/none:1:1: there is no such folder");
    }

    [Fact]
    public void A_requirement_is_met_by_any_of_its_files_and_a_relative_one_lies_in_the_folder()
    {
        using var folder = new DeviceFolder(DeviceFolder.Least + """
            requires:
              - { file: [/no/such/file, device.yaml], remedy: "none" }
              - { file: [/no/such/file, no-such-file], remedy: "get it" }
              - { file: /usr, remedy: "a root" }
            """);

        folder.Read().Missing().Select(each => (each.ToString(), each.Remedy)).Should().Equal(("/no/such/file or no-such-file", "get it"));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Every_device_that_is_shipped_is_valid_and_found_by_its_name(string name)
    {
        var (folder, _, _) = DeviceFolders.Find(name, "/");

        var device = DeviceReader.Read(folder!);

        device.Name.Should().Be(name);
        foreach (
            var command in ((string?[])[device.Start, device.State, (device.Ready as ReadyByCommand)?.Command])
                .OfType<string>()
                .Where(each => each.StartsWith("./", StringComparison.Ordinal)))
            File.GetUnixFileMode(Path.Combine(folder!, command)).Should().HaveFlag(UnixFileMode.OtherExecute);
    }

    private static void Check(string yaml, string[] errors)
    {
        using var folder = new DeviceFolder(yaml);

        var found = folder.Errors();

        found.Should().HaveSameCount(errors, string.Join('\n', found));
        foreach (var (error, expected) in found.Zip(errors))
            error.Should().Match(expected);
    }
}
