using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>The engine Namespaces makes the lab that the topology's folder describes (DESIGN §4).</summary>
public sealed class NamespacesLabTests
{
    private const int EtherTypeAt = 12;
    private const int UdpTextAt = 14 + 20 + 8;

    // A host agent that says that it is ready and can be told to die.
    private const string FakeAgent = "echo 'hostagent: ready' >&2\nmkfifo /run/die\nread word </run/die\necho \"last words: $word\" >&2\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public async Task A_startup_file_sets_the_addresses_of_its_node()
    {
        await using var line = await StartedLine.Of(2);
        var lab = line.Lab;

        lab.Addresses("n1", "eth0").Select(each => each.ToString()).Should().Equal("10.0.0.1/16");
        lab.Addresses("n2", "eth0").Select(each => each.ToString()).Should().Equal("10.0.0.2/16");
    }

    [NamespacesFact]
    public async Task Two_nodes_of_a_lan_reach_each_other()
    {
        await using var line = await StartedLine.Of(2);
        var (first, second) = (line.Socket(1), line.Socket(2));

        first.Send("there", second.Address);
        second.Receive().Should().Be("there");
        second.Send("and back", first.Address);
        first.Receive().Should().Be("and back");
    }

    [NamespacesFact]
    public async Task Files_of_the_same_name_in_two_nodes_do_not_meet_nor_reach_the_host()
    {
        const string Place = "/etc/multicast-lab-test";
        using var folder = new TopologyFolder(
            ("lab.conf", "a[0]=\"A\"\nb[0]=\"A\"\n"),
            ("a.startup", $"echo changed > {Place}/file\necho run > /run/multicast-lab-test\n"),
            ($"a{Place}/file", "of a\n"),
            ($"b{Place}/file", "of b\n"));
        await using var lab = await Up(folder);
        await StartAll(lab);

        (await lab.Execute("a", $"cat {Place}/file", Cancellation)).Should().Be(new CommandResult(0, "changed\n", ""));
        (await lab.Execute("b", $"cat {Place}/file", Cancellation)).Should().Be(new CommandResult(0, "of b\n", ""));
        (await lab.Execute("b", "ls /run/multicast-lab-test", Cancellation)).ExitCode.Should().NotBe(0);
        File.Exists(Place + "/file").Should().BeFalse();
        File.Exists("/run/multicast-lab-test").Should().BeFalse();
    }

    [NamespacesFact]
    public async Task Overlay_files_follow_the_links_of_the_node_and_not_those_of_the_host()
    {
        // /var/run is a link to /run on every current distribution: laid over carelessly, the file would appear in the host's /run.
        using var folder = new TopologyFolder(("lab.conf", "a[0]=\"A\"\n"), ("a/var/run/multicast-lab-overlay", "mine\n"));
        await using var lab = await Up(folder);

        (await lab.Execute("a", "cat /run/multicast-lab-overlay", Cancellation)).Should().Be(new CommandResult(0, "mine\n", ""));
        File.Exists("/run/multicast-lab-overlay").Should().BeFalse();
    }

    [NamespacesFact]
    public async Task A_node_sees_only_its_own_processes_links_and_name()
    {
        using var folder = TopologyFolder.Line(2);
        await using var lab = await Up(folder);

        var processes = (
            await lab.Execute("n1", "cd /proc && ls -d [0-9]* | sort -n | head -1; ls -d [0-9]* | wc -l", Cancellation)).Output;
        processes.Split('\n')[0].Should().Be("1");
        int.Parse(processes.Split('\n')[1]).Should().BeLessThan(8);
        (await lab.Execute("n1", "echo /sys/class/net/*", Cancellation)).Output.Should().Be("/sys/class/net/eth0 /sys/class/net/lo\n");
        (await lab.Execute("n1", "uname -n", Cancellation)).Output.Should().Be("n1\n");
    }

    [NamespacesFact]
    public async Task The_capture_has_each_frame_once_with_its_sender_in_the_order_of_time()
    {
        const int Count = 500;
        await using var line = await StartedLine.Of(3);
        var lab = line.Lab;
        var (first, second) = (line.Socket(1), line.Socket(2));
        var before = lab.Now;

        for (var i = 0; i < Count; i++)
        {
            first.Send($"1-{i}", second.Address);
            second.Send($"2-{i}", first.Address);
        }

        (await lab.Until(_ => Task.FromResult(Datagrams(lab).Count >= 2 * Count), TimeSpan.FromSeconds(10), Cancellation))
            .Should()
            .BeTrue();
        await lab.PassUntil(lab.Now, Cancellation);

        var frames = lab.Frames;
        foreach (var (node, number) in new[] { ("n1", 1), ("n2", 2) })
        {
            Datagrams(lab).Where(each => each.Frame.Node == node).Select(each => each.Text)
                .Should().Equal(Enumerable.Range(0, Count).Select(i => $"{number}-{i}"));
        }

        frames.Select(each => each.Number).Should().Equal(Enumerable.Range(1, frames.Count));
        frames.Select(each => each.At).Should().BeInAscendingOrder().And.OnlyContain(at => at >= before && at <= lab.Now);
        frames.Should().OnlyContain(each => each.Lan == "A" && each.Interface == "eth0");
        lab.FramesLost.Should().Be(0);
        // ARP is all else that may be on a quiet LAN: no MLD, no router solicitations, no spanning tree.
        frames.Where(each => each.Bytes.Span[EtherTypeAt] != 0x08).Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task Captured_datagrams_have_right_checksums()
    {
        await using var line = await StartedLine.Of(2);
        var lab = line.Lab;
        var (first, second) = (line.Socket(1), line.Socket(2));

        first.Send("sum", second.Address);
        second.Receive();
        await lab.PassUntil(lab.Now, Cancellation);

        var packet = Datagrams(lab).Single().Frame.Bytes.Span[14..].ToArray();
        // RFC 768: pseudo header (addresses, protocol, length) and datagram sum up to all ones.
        var sum = 17u + ((uint)packet.Length - 20);
        for (var i = 12; i < packet.Length; i += 2)
            sum += (uint)((packet[i] << 8) | (i + 1 < packet.Length ? packet[i + 1] : 0));
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        sum.Should().Be(0xFFFF);
    }

    [NamespacesFact]
    public async Task Two_labs_of_the_same_topology_live_side_by_side()
    {
        using var folder = TopologyFolder.Line(2);
        await using var one = await Up(folder);
        await using var other = await Up(folder);
        await StartAll(one);
        await StartAll(other);
        using var sender = new NodeSocket(one, "n1", "10.0.0.1");
        using var receiver = new NodeSocket(one, "n2", "10.0.0.2");

        sender.Send("here", receiver.Address);
        receiver.Receive();
        await one.PassUntil(one.Now, Cancellation);
        await other.PassUntil(other.Now, Cancellation);

        one.Id.Should().NotBe(other.Id);
        Datagrams(one).Should().ContainSingle();
        Datagrams(other).Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task A_node_may_be_called_as_the_fabric_is()
    {
        using var folder = new TopologyFolder(("lab.conf", "fabric[0]=\"A\"\ntester[0]=\"A\"\n"));
        await using var lab = await Up(folder);

        (await lab.Execute("fabric", "uname -n", Cancellation)).Output.Should().Be("fabric\n");
        lab.Topology.Nodes.Select(each => each.Name).Should().NotContain(LabFrame.Tester);
    }

    [NamespacesFact]
    public async Task A_link_that_is_down_carries_nothing_and_comes_back()
    {
        await using var line = await StartedLine.Of(2);
        var lab = line.Lab;

        await lab.SetLink("n1", "eth0", up: false, Cancellation);
        (await lab.Execute("n1", "cat /sys/class/net/eth0/operstate", Cancellation)).Output.Should().Be("down\n");
        await lab.SetLink("n1", "eth0", up: true, Cancellation);

        var (first, second) = (line.Socket(1), line.Socket(2));
        first.Send("again", second.Address);
        second.Receive().Should().Be("again");
    }

    [NamespacesFact]
    public async Task Files_that_were_written_on_Windows_are_to_the_node_as_if_they_were_written_here()
    {
        const string Text = "\uFEFFone\r\ntwo\r";
        const string Place = "/etc/multicast-lab-test";
        using var folder = new TopologyFolder(
            ("lab.conf", "\uFEFFa[0]=\"A\"\r\na[exec]=\"echo exec >> /run/out\"\r\n"),
            ("shared.startup", "\uFEFFecho shared > /run/out\r\n"),
            ("a.startup", "\uFEFFip address add 10.0.0.1/16 dev eth0\r\nif true; then\r\n  echo own >> /run/out\r\nfi\r"),
            ("a.shutdown", Text),
            ($"a{Place}/text", Text),
            ($"a{Place}/binary", Text + "\0\r\n"));
        await using var lab = await Up(folder);
        await StartAll(lab);

        lab.Addresses("a", "eth0").Select(each => each.ToString()).Should().Equal("10.0.0.1/16");
        (await Cat("/run/out")).Should().Be("shared\nown\nexec\n");
        (await Cat("/hostlab/a.shutdown")).Should().Be("one\ntwo\n");
        (await Cat($"{Place}/text")).Should().Be("one\ntwo\n");
        (await Cat($"{Place}/binary | tail -c 3 | od -An -tx1")).Should().Be(" 00 0d 0a\n");
        File.ReadAllText(Path.Combine(folder.Path, "a.shutdown")).Should().Be("one\r\ntwo\r", "the lab's own files stay as they are");
        (await lab.Execute("a", "echo x >> /hostlab/a.shutdown", Cancellation)).ExitCode.Should().NotBe(0, "no node may change them");

        async Task<string> Cat(string file) => (await lab.Execute("a", $"cat {file}", Cancellation)).Output;
    }

    [NamespacesFact]
    public async Task A_startup_that_fails_is_told_with_file_and_line_and_its_log()
    {
        using var folder = new TopologyFolder(
            ("lab.conf", "a[0]=\"A\"\n"), ("a.startup", "ip link set eth0 up\n\nip link set eth7 up\necho not reached\n"));
        await using var lab = await Up(folder);

        var start = () => lab.Start("a", Cancellation);

        (await start.Should().ThrowAsync<LabSetupException>()).Which.Message.Should()
            .StartWith($"{folder.Path}/a.startup:3: ").And.Contain("Cannot find device \"eth7\"").And.NotContain("echo not reached");
    }

    [NamespacesFact]
    public async Task An_option_of_lab_conf_runs_after_the_startup_file_and_its_failure_is_told()
    {
        using var folder = new TopologyFolder(
            ("lab.conf", "a[0]=\"A\"\na[exec]=\"test -e /run/first && false\"\n"), ("a.startup", "touch /run/first\n"));
        await using var lab = await Up(folder);

        var start = () => lab.Start("a", Cancellation);

        (await start.Should().ThrowAsync<LabSetupException>())
            .Which.Message.Should()
            .StartWith($"{folder.Path}/lab.conf: ")
            .And.EndWith("+ lab.conf:: false");
    }

    [NamespacesFact]
    public async Task A_node_has_IPv6_when_its_option_says_so_in_any_of_the_words_for_true()
    {
        string[] words = ["true", "on", "Yes", "T", "off", "0"];
        using var folder = new TopologyFolder(
            (
                "lab.conf",
                string.Concat(words.Append("").Select((word, i) => $"n{i}[0]=\"A\"\n{(word.Length > 0 ? $"n{i}[ipv6]=\"{word}\"\n" : "")}"))
            ));
        await using var lab = await Up(folder);

        var disabled = new List<string>();
        foreach (var node in lab.Topology.Nodes)
            disabled.Add((await lab.Execute(node.Name, "cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6", Cancellation)).Output.Trim());

        lab.Topology.Warnings.Should().BeEmpty();
        disabled.Should().Equal("0", "0", "0", "0", "1", "1", "1");
    }

    [NamespacesFact]
    public async Task A_setting_that_is_not_there_is_told_and_nothing_half_built_stays()
    {
        using var registry = new Registry();
        using var folder = new TopologyFolder(("lab.conf", "a[0]=\"A\"\nb[0]=\"A\"\nb[sysctl]=\"net.ipv4.no_such_setting=1\"\n"));

        var up = () => Up(folder, registry.Labs);

        (await up.Should().ThrowAsync<LabSetupException>()).Which.Message.Should().Contain("net.ipv4.no_such_setting=1");
        registry.Processes().Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(registry.Labs.Root).Should().BeEmpty();
    }

    [NamespacesFact]
    public async Task A_daemon_that_dies_unasked_fails_the_run_with_the_end_of_its_log()
    {
        using var folder = WithFakeAgent();
        await using var lab = await Up(folder);
        await StartAll(lab);

        await lab.Execute("h", "echo goodbye > /run/die", Cancellation);
        var until = () => lab.Until(_ => Task.FromResult(false), TimeSpan.FromSeconds(10), Cancellation);

        var died = (await until.Should().ThrowAsync<DeviceDiedException>()).Which;
        (died.Node, died.Daemon).Should().Be(("h", "hostagent"));
        died.Message.Should().Contain("last words: goodbye");
    }

    [NamespacesFact]
    public async Task A_killed_node_starts_again_and_its_links_stay_up()
    {
        using var folder = WithFakeAgent();
        await using var lab = await Up(folder);
        await StartAll(lab);
        await lab.Execute("h", "rm /run/die; sleep 1000 & exit", Cancellation);

        await lab.Kill("h", Cancellation);

        (await lab.Execute("h", "cat /proc/[0-9]*/cmdline", Cancellation)).Output.Should().NotContain("hostagent").And.NotContain("1000");
        (await lab.Execute("h", "cat /sys/class/net/eth0/operstate", Cancellation)).Output.Should().Be("up\n");
        await StartAll(lab);
        (await lab.Log("h", Cancellation)).Split('\n').Count(each => each == "hostagent: ready").Should().Be(2);
    }

    [NamespacesFact]
    public async Task The_nodes_get_the_runs_timers_and_stack()
    {
        using var folder = new TopologyFolder(
            ("lab.conf", "a[0]=\"A\"\n"), ("a.startup", "echo \"options: $ROUTER_OPTIONS / $HOSTAGENT_OPTIONS\"\n"));
        var options = new LabOptions
        {
            HostStack = HostStack.User,
            Timing = new() { QueryInterval = TimeSpan.FromSeconds(2.5), QueryResponseInterval = TimeSpan.FromSeconds(1) },
        };
        await using var lab = await new NamespacesEngine().Up(folder.Read(), options, Cancellation);
        await StartAll(lab);

        (await lab.Log("a", Cancellation)).Should().Contain(
            "\noptions: --query-interval 2.5 --query-max-response-time 1 --last-member-query-interval 1 --last-member-query-count 2"
            + " --robustness-variable 2 --startup-query-interval 0.625 --startup-query-count 2 --unsolicited-report-interval 1"
            + " / --stack user --unsolicited-report-interval 1\n");
    }

    internal static Task<RealLab> Up(TopologyFolder folder, LabRegistry? registry = null) =>
        new NamespacesEngine(registry).Up(folder.Read(), new LabOptions(), Cancellation);

    internal static async Task StartAll(RealLab lab)
    {
        foreach (var node in lab.Topology.StartOrder)
            await lab.Start(node.Name, Cancellation);
    }

    private static TopologyFolder WithFakeAgent() =>
        new(
            ("lab.conf", "h[0]=\"A\"\nh[image]=\"multicast-lab/host\"\n"), ("h.startup", "sh /opt/fake/hostagent run &\n"),
            ("h/opt/fake/hostagent", FakeAgent));

    private static List<(LabFrame Frame, string Text)> Datagrams(RealLab lab) =>
        [
            .. lab
                .Frames.Where(each =>
                    each.Bytes.Length > UdpTextAt && each.Bytes.Span[EtherTypeAt] == 0x08 && each.Bytes.Span[EtherTypeAt + 1] == 0x00)
                .Select(each => (each, System.Text.Encoding.ASCII.GetString(each.Bytes.Span[UdpTextAt..]))),
        ];
}
