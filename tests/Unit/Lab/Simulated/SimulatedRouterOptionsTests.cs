using FluentAssertions;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Settings;
using MulticastLab.Packets.Text;
using MulticastLab.Packets;
using MulticastLab.Router.Cli;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// Every option of <c>router run</c> means the same to a simulated router, but for a few about what only a process on a kernel has.
/// </summary>
public sealed class SimulatedRouterOptionsTests : IDisposable
{
    /// <summary>The options that are read and have no effect.</summary>
    private static readonly string[] OfKernelsOnly =
    ["--control", "--log-format", "--log-level", "--metrics", "--multicast-table", "--receive", "--user"];

    // An example of each option, which is not its default.
    private static readonly Dictionary<string, string> Examples = new()
    {
        ["--accepted-senders"] = "10.0.0.0/8",
        ["--config"] = "/etc/router.yaml",
        ["--control"] = "/run/r.sock",
        ["--explicit-tracking"] = "",
        ["--forward"] = "",
        ["--group-policy"] = "permit:239.0.0.0/8",
        ["--igmp-version"] = "2",
        ["--immediate-leave"] = "always",
        ["--immediate-leave-scope"] = "source-specific",
        ["--interface"] = "eth1",
        ["--join-group"] = "eth1=192.0.2.1,232.1.1.1",
        ["--join-routers-group"] = "false",
        ["--last-member-query-count"] = "5",
        ["--last-member-query-interval"] = "0.5",
        ["--log-format"] = "json",
        ["--log-level"] = "debug",
        ["--max-group-sources"] = "7",
        ["--max-groups"] = "eth1=unlimited",
        ["--max-hosts"] = "3",
        ["--max-sources-per-group"] = "3",
        ["--metrics"] = "127.0.0.1:9464",
        ["--mroutes"] = "/shared/routes.ini",
        ["--multicast-table"] = "7",
        ["--oldest-version"] = "3",
        ["--query-interval"] = "60",
        ["--query-max-response-time"] = "5",
        ["--receive"] = "socket",
        ["--require-router-alert"] = "",
        ["--reverse-path"] = "192.0.2.0/24=eth1",
        ["--robustness-variable"] = "3",
        ["--source-policy"] = "permit:192.0.2.0/24",
        ["--ssm-map"] = "192.0.2.1,232.1.0.0/16",
        ["--ssm-range"] = "232.0.0.0/16",
        ["--startup-query-count"] = "4",
        ["--startup-query-interval"] = "3",
        ["--static-group"] = "239.1.1.9",
        ["--static-route"] = "(*, 239.1.1.1) eth0 -> eth1=3",
        ["--ttl-threshold"] = "eth1=16",
        ["--unsolicited-report-interval"] = "0.5",
        ["--user"] = "nobody",
        ["--verify-source-subnet"] = "",
    };

    private readonly SimulatedBench bench = new SimulatedBench().WithRouterAndHosts();

    public static TheoryData<string> Options => [.. Names];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Names =>
        RouterCommand
            .Build()
            .Subcommands.Single(each => each.Name == "run")
            .Options.Select(each => each.Name)
            .Order(StringComparer.Ordinal);

    public void Dispose() => bench.Dispose();

    [Fact]
    public void Every_option_has_an_example_here() => Examples.Keys.Should().BeEquivalentTo(Names);

    [Fact]
    public void Those_without_effect_are_few_and_the_documentation_has_them()
    {
        var rows = RouterGlobalSettings.Table.Options.Where(each => each.Setting.NotSimulated is not null).Select(each => each.Name)
            .Concat(RouterInterfaceSettings.Table.Options.Where(each => each.Setting.NotSimulated is not null).Select(each => each.Name));

        rows.Append("--user").Should().BeEquivalentTo(OfKernelsOnly);
        var documentation = File.ReadAllText(Path.Combine(Repository.Root, "docs", "lab.md"));
        OfKernelsOnly.Should().OnlyContain(each => documentation.Contains($"`{each}`", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task The_simulated_router_reads_it_as_the_daemon_does(string option)
    {
        Directory.CreateDirectory(bench.PathOf("r1/etc"));
        Directory.CreateDirectory(bench.PathOf("shared"));
        bench.With("r1/etc/router.yaml", "forward: true\ninterfaces:\n  eth0: {max-groups: 5}\n  eth1: {join-group: [239.1.1.5]}")
            .With("shared/routes.ini", "[phyints]\nnames = eth0,eth1\n\n[mroute_1]\nfrom = eth0\ngroup = 239.1.1.1\nto = eth1=4");
        string[] given = Examples[option] is { Length: > 0 } value ? [option, value] : [option];
        string[] others = option switch
        {
            "--config" => [],
            "--interface" => ["--interface", "eth0"],
            _ => ["--interface", "eth0", "--interface", "eth1"],
        };
        var needs = RouterGlobalSettings.Table.FindOption(option)?.Setting.Needs is not null || option == "--mroutes";
        string[] words = [.. others, .. needs ? ["--forward"] : (string[])[], .. given];
        var lab = bench.With("r1.startup", "ip address add 10.1.0.1/24 dev eth0\nip address add 10.0.0.1/24 dev eth1\nrouter run "
            + string.Join(' ', words.Select(each => each.Contains(' ', StringComparison.Ordinal) ? $"'{each}'" : each)) + " &").Lab();
        var arguments = RouterCommand.Build().Parse(["run", .. words.Select(OnDisk)]);
        arguments.Errors.Should().BeEmpty();
        var daemon = arguments.GetValue(ConfigurationOption.Option) is { } file
            ? ConfigurationReader.ReadFile(file)
            : RunCommand.FromArguments(arguments);

        await lab.Start("r1", Cancellation);

        var router = lab.Node("r1").Router!;
        ConfigurationWriter
            .Write(router.Options)
            .Should()
            .Be(ConfigurationWriter.Write(daemon with { ControlPath = router.Options.ControlPath }));
        router.Options.ControlPath.Should().Be(option == "--control" ? "/run/r.sock" : null);
        if (option != "--user")
        {
            ConfigurationWriter.Write(router.Options).Should().NotBe("interfaces:\n  eth0: {}\n", "it has an effect on the configuration")
                .And.NotBe(option == "--interface" ? "" : $"{(needs ? "forward: true\n" : "")}interfaces:\n  eth0: {{}}\n  eth1: {{}}\n");
        }

        // And the node goes by it, with what the links add.
        router
            .Node.Interfaces.Select(each => (each.Name, each.Settings))
            .Should()
            .Equal(daemon.Interfaces.Select(each => (each.Name, InForce(each))));

        // Its files are the node's in the lab, the daemon's here.
        string OnDisk(string word) => word switch
        {
            "/etc/router.yaml" => bench.PathOf("r1/etc/router.yaml"),
            "/shared/routes.ini" => bench.PathOf("shared/routes.ini"),
            _ => word,
        };

        static MulticastLab.Membership.Router.RouterSettings InForce(InterfaceOptions options) => options.Settings.OnLinkSendersOnly
            ? options.Settings with { AcceptedSenders = [Prefix.Parse(options.Name == "eth0" ? "10.1.0.0/24" : "10.0.0.0/24")] }
            : options.Settings;
    }

    [Theory]
    [InlineData("--interface eth0 --static-route '(*, 239.1.1.1) eth0 -> eth1'", 1, "router: --static-route needs --forward")]
    [InlineData(
        "--interface eth0 --forward --static-route '(*, 239.1.1.1) eth0 -> eth1'", 1,
        "router: static route (*, 239.1.1.1) eth0 -> eth1: the router does not serve eth1, only eth0")]
    [InlineData(
        "--interface eth0 --forward --static-route '(*, 239.1.1.1) eth0'", 54,
        "*as a value of --static-route: it must be a route such as*")]
    [InlineData("--interface eth0 --interface eth0", 41, "router: interface eth0 is given twice")]
    [InlineData(
        "--interface eth0 --query-interval 5", 1,
        "router: The Query Response Interval of 10 s in version 3 must be less than the Query Interval of 5 s (RFC 9776 §8.3).")]
    [InlineData("--interface eth0 --mroutes /shared/none", 39, "router: --mroutes needs --forward")]
    [InlineData("--interface eth0 --forward --mroutes /shared/none", 49, "the lab has no file /shared/none for r1")]
    [InlineData("--config ../../etc/none", 21, "the lab has no file ../../etc/none for r1")]
    [InlineData("--interface eth0 --config /etc/r.yaml", 12,
        "router: --interface cannot be combined with --config: write it into the file")]
    public async Task What_the_daemon_refuses_it_refuses_with_its_place(string options, int column, string message)
    {
        var lab = bench.With("r1.startup", $"router run {options} &").Lab();

        var start = () => lab.Start("r1", Cancellation);

        (await start.Should().ThrowAsync<InvalidFileException>()).WithMessage($"{bench.PathOf("r1.startup")}:1:{column}: {message}");
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_told_with_its_place()
    {
        Directory.CreateDirectory(bench.PathOf("r1"));
        var lab = bench.With("r1/r.yaml", "interfaces:\n  eth0: {max-group: 5}").With("r1.startup", "router run --config r.yaml &").Lab();

        var start = () => lab.Start("r1", Cancellation);

        (await start.Should().ThrowAsync<InvalidFileException>()).WithMessage(
            $"{bench.PathOf("r1/r.yaml")}:2:10: eth0 has no 'max-group'*did you mean*max-groups*");
    }
}
