using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Packets;
using MulticastLab.Router.Metrics;
using Xunit;

namespace MulticastLab.Tests.Router.Metrics;

/// <summary>The page of metrics: in the format's grammar, by its naming conventions, and as the documentation has it.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public void The_page_follows_the_grammar_and_tells_every_metric()
    {
        var page = Page();

        page.Families.Select(each => (each.Name, each.Type))
            .Should()
            .Equal(MetricCatalog.All.Select(each => (each.Name, (string?)each.Type)));
        page.Families.Should().OnlyContain(each => each.Samples.Count > 0);
    }

    [Fact]
    public void Figures_stand_under_their_labels()
    {
        var page = Page();

        page["multicast_lab_groups", "interface=\"eth0\""].Should().Be(7);
        page["multicast_lab_querier", "interface=\"eth0\""].Should().Be(1);
        page["multicast_lab_igmp_received_total", "interface=\"eth0\",type=\"report\""].Should().Be(5);
        page["multicast_lab_igmp_sent_total", "interface=\"eth0\",type=\"general-query\""].Should().Be(2);
        page["multicast_lab_igmp_errors_total", "interface=\"eth0\",cause=\"checksum\""].Should().Be(3);
        page["multicast_lab_kernel_dropped_packets_total", "interface=\"eth0\""].Should().Be(11);
        page["multicast_lab_control_clients"].Should().Be(4);
        page["multicast_lab_log_lines_total", "level=\"warning\""].Should().Be(9);
        page["process_start_time_seconds"].Should().Be(1_700_000_000.5);
    }

    [Fact]
    public void Sums_are_left_to_the_reader_so_that_nothing_counts_twice()
    {
        var sent = Page().Families.Single(each => each.Name == "multicast_lab_igmp_sent_total");

        sent.Samples.Sum(each => each.Value).Should().Be(2);
        sent.Samples.SelectMany(each => each.Labels).Select(each => each.Value).Should().NotContain("total").And.NotContain("query");
    }

    [Fact]
    public void Names_and_types_follow_the_conventions()
    {
        foreach (var metric in MetricCatalog.All)
        {
            metric.Name.Should().MatchRegex("^(multicast_lab|process)(_[a-z]+)+$");
            metric.Name.EndsWith("_total", StringComparison.Ordinal).Should().Be(metric.Type == "counter", metric.Name);
            metric.Labels.Should().NotContain("le");
            metric.Help.Should().EndWith(".").And.NotContain("\n");
        }
    }

    [Fact]
    public void Label_values_are_escaped()
    {
        const string Odd = "a\"b\\c\nd";

        var page = Exposition.Read(Encoding.UTF8.GetString(MetricsPage.Write(MetricCatalog.All, Figures(Odd))));

        page.Families.First(each => each.Name == "multicast_lab_groups").Samples.Single().Labels.Single().Value.Should().Be(Odd);
    }

    [Fact]
    public void The_documentation_has_the_table()
    {
        var rows = MetricCatalog.All.Select(each => $"| `{each.Name}` | {each.Type} | {string.Join(", ", each.Labels)} | {each.Help} |");

        GeneratedText.ShouldHold(
            "docs/operation.md", "metrics",
            string.Join('\n', ["| metric | type | labels | what it is |", "|---|---|---|---|", .. rows, ""]));
    }

    [Fact]
    public void A_latency_falls_into_the_first_bucket_that_holds_it()
    {
        var histogram = new LatencyHistogram();
        foreach (var nanoseconds in (long[])[-5, 10_000, 10_001, 1_000_000_000, 1_000_000_001])
            histogram.Observe(nanoseconds);

        var figures = histogram.Figures();

        figures.Counts.Should().Equal([2, 1, .. new long[13], 1, 1]);
        figures.SumNanoseconds.Should().Be(2_000_020_002);
    }

    [Theory]
    [InlineData("9464", "127.0.0.1:9464")]
    [InlineData("127.0.0.1:9464", "127.0.0.1:9464")]
    [InlineData("localhost:1", "127.0.0.1:1")]
    [InlineData("0.0.0.0:65535", "0.0.0.0:65535")]
    [InlineData("[::1]:9464", "[::1]:9464")]
    [InlineData("[::]:9464", "[::]:9464")]
    public void An_end_point_is_a_port_of_the_loopback_unless_told_otherwise(string text, string endPoint)
    {
        MetricsEndPoint.TryParse(text, out var read).Should().BeTrue();

        read!.ToString().Should().Be(endPoint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData(":9464")]
    [InlineData("127.0.0.1")]
    [InlineData("1.2:9464")]
    [InlineData("::1:9464")]
    [InlineData("[127.0.0.1]:9464")]
    [InlineData("example.org:9464")]
    [InlineData("127.0.0.1:+1")]
    public void What_is_no_end_point_is_refused(string text) => MetricsEndPoint.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total 1")]
    [InlineData("# TYPE a_total counter\na_total 1\n")]
    [InlineData("# HELP a_total x\na_total 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total 1\na_total 2\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\nb_total 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total{b=\"\\x\"} 1\n")]
    [InlineData("# HELP a_total x\n# TYPE a_total counter\na_total{b=c} 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n")]
    [InlineData("# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_sum 1\na_count 1\n")]
    public void The_reader_is_strict(string page) => FluentActions.Invoking(() => Exposition.Read(page)).Should().Throw<Exception>();

    private static Exposition Page() => Exposition.Read(Encoding.UTF8.GetString(MetricsPage.Write(MetricCatalog.All, Figures("eth0"))));

    private static RouterFigures Figures(string name)
    {
        var counters = new RouterCounters(Dialect.Igmp) { ReportsReceived = 5 };
        counters.GeneralQueriesSent++;
        counters.GeneralQueriesSent++;
        for (var i = 0; i < 3; i++)
            counters.Refused(PacketError.IgmpChecksum);
        var histogram = new LatencyHistogram();
        histogram.Observe(30_000);
        histogram.Observe(2_000_000_000);
        return new RouterFigures
        {
            Interfaces =
            [
                new InterfaceFigures
                {
                    Name = name,
                    Up = true,
                    IsQuerier = true,
                    Groups = 7,
                    Sources = 8,
                    Timers = 9,
                    Received = counters.Received(),
                    Sent = counters.Sent(),
                    Errors = counters.Errors(),
                    KernelDropped = 11,
                    QueryLatency = histogram.Figures(),
                    ReportLatency = histogram.Figures(),
                },
            ],
            Daemon = new DaemonFigures(
                new ControlFigures(4, 5, 6), new LogFigures([("debug", 0), ("info", 1), ("warning", 9), ("error", 0)], 2, 3),
                new Instant(1_700_000_000_500_000_000)),
        };
    }
}
