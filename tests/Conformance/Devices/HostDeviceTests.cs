using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>
/// The host devices that are shipped: the kernel and our own host, driven through several sockets, by what they report. Expected records:
/// RFC 9776 §3.2, §5.1, §5.2.
/// </summary>
public sealed class HostDeviceTests
{
    private const string Linux = "linux-host";
    private const string Ours = "multicast-lab-host";

    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Other = Address.Parse("239.1.1.2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [NamespacesFact]
    public Task Linux_merges_the_filters_of_its_sockets() => Merges(Linux);

    [NamespacesFact]
    public Task Our_host_merges_the_filters_of_its_sockets() => Merges(Ours);

    [NamespacesFact]
    public Task Linux_reports_what_the_closing_of_a_socket_changes() => Closes(Linux);

    [NamespacesFact]
    public Task Our_host_reports_what_the_closing_of_a_socket_changes() => Closes(Ours);

    [NamespacesFact]
    public async Task Linux_refuses_more_sources_than_its_limit_and_reports_nothing_of_them()
    {
        await using var host = await Host.Up(Linux);
        await host.Listen("s1", FilterMode.Include, 1, 10);
        await host.Reports(G, "ALLOW 1 2 3 4 5 6 7 8 9 10");

        const string Refusal =
            $"{Host.Name}: 'listen' of the device {Linux} has failed (exit code 1): hostagent: 239.1.1.1: more sources than the kernel "
            + "allows a socket (net/ipv4/igmp_max_msf is 10, net/core/optmem_max is *); the filter is as it was";
        await host.Refuses("s1", G, FilterMode.Include, 1, 11, Refusal);
        await host.Refuses("s2", G, FilterMode.Include, 11, 21, Refusal);
        await host.Refuses("s2", Other, FilterMode.Exclude, 1, 11, Refusal.Replace("239.1.1.1", "239.1.1.2", StringComparison.Ordinal));

        // A sign of life: what would have been reported has been by now.
        await host.Listen("s2", FilterMode.Include, 11, 11);
        await host.Reports(G, "ALLOW 11");
        host.Records(Other).Should().BeEmpty();
        (await host.Lab.HostState(Host.Name, Cancellation)).Should()
            .ContainSingle().Which.Filter.Should().Be(SourceFilter.Of(FilterMode.Include, Host.Sources(1, 11)));
    }

    [NamespacesFact]
    public async Task Linux_takes_more_sources_where_its_limits_are_lifted()
    {
        await using var host = await Host.Up(Linux, "OPTION_LIFT_LIMITS=1");

        await host.Listen("s1", FilterMode.Include, 1, 12);

        await host.Reports(G, "ALLOW 1 2 3 4 5 6 7 8 9 10 11 12");
    }

    [NamespacesFact]
    public async Task Our_host_refuses_more_sources_than_its_limit_and_reports_nothing_of_them()
    {
        await using var host = await Host.Up(Ours);
        await host.Listen("s1", FilterMode.Include, 1, 9000);

        await host.Refuses(
            "s2", G, FilterMode.Include, 9001, 16385,
            $"{Host.Name}: 'listen' of the device {Ours} has failed (exit code 1): hostagent: 239.1.1.1 would have 16385 sources, "
            + "more than 16384.");

        await host.Lab.Listen(Host.Name, Other, SourceFilter.AnySource, Cancellation);
        (await host.Lab.Until(_ => Task.FromResult(host.Records(Other).Any()), Patience, Cancellation)).Should().BeTrue();
        host.Records(G).Should().OnlyContain(each => each.Type == RecordType.Allow);
        host.Records(G).SelectMany(each => each.Sources).Distinct().Order().Should().Equal(Host.Sources(1, 9000));
    }

    [NamespacesFact]
    public Task Linux_repeats_a_report_as_often_as_it_is_set_to() => Repeats(Linux);

    [NamespacesFact]
    public Task Our_host_repeats_a_report_as_often_as_it_is_set_to() => Repeats(Ours);

    [NamespacesFact]
    public Task Linux_speaks_the_version_that_it_is_set_to() => SpeaksAnOlderVersion(Linux);

    [NamespacesFact]
    public Task Our_host_speaks_the_version_that_it_is_set_to() => SpeaksAnOlderVersion(Ours);

    private static async Task Merges(string device)
    {
        await using var host = await Host.Up(device);

        await host.Listen("s1", FilterMode.Exclude, 1, 4);
        await host.Reports(G, "TO_EX 1 2 3 4");
        await host.Listen("s2", FilterMode.Exclude, 2, 5);
        await host.Reports(G, "ALLOW 1");
        await host.Listen("s3", FilterMode.Include, 4, 6);
        await host.Reports(G, "ALLOW 4");
        await host.Query();
        await host.Reports(G, "IS_EX 2 3");
        await host.Listen("s4", FilterMode.Exclude, 1, 0);
        await host.Reports(G, "ALLOW 2 3");
    }

    private static async Task Closes(string device)
    {
        await using var host = await Host.Up(device);
        await host.Listen("s1", FilterMode.Exclude, 1, 0);
        await host.Reports(G, "TO_EX");
        await host.Listen("s2", FilterMode.Include, 1, 2);
        await host.Listen("s3", FilterMode.Include, 2, 3);

        // Nothing was reported of s2 and s3, which only want what is received already (§3.2).
        await host.Close("s1");
        await host.Reports(G, "TO_IN 1 2 3");
        // Closing it again is no fault, and no change.
        await host.Close("s1");
        await host.Close("s3");
        await host.Reports(G, "BLOCK 3");
        await host.Close("s2");
        await host.Reports(G, "BLOCK 1 2");
        (await host.Lab.HostState(Host.Name, Cancellation)).Should().BeEmpty();
    }

    private static async Task Repeats(string device)
    {
        await using var host = await Host.Up(device, "ROBUSTNESS_VARIABLE=4", "UNSOLICITED_REPORT_INTERVAL=0.1");

        await host.Listen("s1", FilterMode.Include, 1, 1);
        await host.Reports(G, times: 4, "ALLOW 1");
        await host.Listen("s1", FilterMode.Include, 2, 2);
        await host.Reports(G, times: 4, "ALLOW 2", "BLOCK 1");
    }

    private static async Task SpeaksAnOlderVersion(string device)
    {
        await using var second = await Host.Up(device, "VERSION=2");
        await using var first = await Host.Up(device, "VERSION=1");

        await second.Listen("s1", FilterMode.Exclude, 1, 0);
        await first.Listen("s1", FilterMode.Exclude, 1, 0);

        await second.Sends(Generation.Leaves, GroupMessageKind.Report);
        await first.Sends(Generation.Reports, GroupMessageKind.Report);
        await second.Close("s1");
        await second.Sends(Generation.Leaves, GroupMessageKind.Leave);
    }

    /// <summary>A lab with nothing but the device.</summary>
    private sealed class Host(TopologyFolder folder, RealLab lab) : IAsyncDisposable
    {
        public const string Name = "dut";

        private int judged;

        public RealLab Lab => lab;

        public static async Task<Host> Up(string device, params string[] environment)
        {
            var folder = new TopologyFolder(
                (
                    "lab.conf",
                    $"{Name}[0]=\"A\"\n{Name}[image]=\"device/{device}\"\n"
                    + string.Concat(environment.Select(each => $"{Name}[env]=\"{each}\"\n"))),
                ($"{Name}.startup", "ip address replace 10.0.0.11/24 dev eth0\n"));
            var options = new LabOptions { Timing = new() { UnsolicitedReportInterval = TimeSpan.FromSeconds(0.2) } };
            var lab = await new NamespacesEngine().Up(folder.Read(), options, Cancellation);
            var host = new Host(folder, lab);
            try
            {
                await lab.Start(Name, Cancellation);
                return host;
            }
            catch
            {
                await host.DisposeAsync();
                throw;
            }
        }

        /// <summary>The sources from one number to another.</summary>
        public static IEnumerable<Address> Sources(int first, int last) =>
            Enumerable.Range(first, last - first + 1).Select(each => Address.FromV4(0x0A01_0000 + (uint)each));

        public Task Listen(string socket, FilterMode mode, int firstSource, int lastSource) =>
            lab.Listen(Name, socket, G, SourceFilter.Of(mode, Sources(firstSource, lastSource)), Cancellation);

        public Task Close(string socket) => lab.Listen(Name, socket, G, SourceFilter.None, Cancellation);

        public async Task Refuses(string socket, Address group, FilterMode mode, int firstSource, int lastSource, string message)
        {
            var filter = SourceFilter.Of(mode, Sources(firstSource, lastSource));
            var listen = () => lab.Listen(Name, socket, group, filter, Cancellation);
            await listen.Should().ThrowAsync<NodeRefusedException>().WithMessage(message);
        }

        /// <summary>The records of a group that it has sent.</summary>
        public IEnumerable<RecordContent> Records(Address group) =>
            Seen(0).SelectMany(each => each.Report?.Records ?? []).Where(each => each.Group == group);

        /// <summary>Waits until a record was reported twice, as a change is; an answer once.</summary>
        public Task Reports(Address group, string record) =>
            Reports(group, record.StartsWith("IS_", StringComparison.Ordinal) ? 1 : 2, record);

        /// <summary>
        /// Waits until the records were reported that often, together; all that was reported since the last call must be these. By then a
        /// change is reported completely, so that the next one has reports of its own.
        /// </summary>
        public async Task Reports(Address group, int times, params string[] records)
        {
            var expected = Enumerable.Repeat(string.Join(", ", records), times).ToList();
            List<string> reports = [];
            await lab.Until(
                _ =>
                {
                    reports = [.. Seen(judged).Where(each => each.Report is not null).Select(each => Text(each.Report!, group))];
                    return Task.FromResult(reports.Count >= times);
                },
                Patience, Cancellation);
            reports.Should().Equal(expected);
            judged = lab.Frames.Count;
        }

        /// <summary>Waits for a message of an older version for the group.</summary>
        public async Task Sends(Generation generation, GroupMessageKind kind)
        {
            bool Is(SeenFrame frame) => frame.GroupMessage is { } message
                && (message.Generation, message.Kind, message.Group) == (generation, kind, G);
            (await lab.Until(_ => Task.FromResult(Seen(judged).Any(Is)), Patience, Cancellation)).Should().BeTrue();
            Seen(judged).Where(each => !Is(each)).Should().BeEmpty();
            judged = lab.Frames.Count;
        }

        /// <summary>Has a querier without address ask for all groups.</summary>
        public Task Query()
        {
            var query = new QueryContent(
                Generation.Sources, TimeSpan.FromSeconds(0.5), Address.AnyV4, false, 2, TimeSpan.FromSeconds(125), []);
            Span<byte> packet = stackalloc byte[100];
            packet = packet[..IgmpWriter.WriteQuery(packet, query, Address.AnyV4, Dialect.Igmp.AllSystems)];
            var frame = new byte[EthernetView.HeaderLength + packet.Length];
            EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_0099), packet);
            return lab.Transmit("A", frame, lab.Now, Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            await lab.DisposeAsync();
            folder.Dispose();
        }

        private List<SeenFrame> Seen(int since) =>
        [
            .. lab.Frames.Skip(since)
                .Where(each => each.Node == Name)
                .Select(each => SeenFrame.Decode(each, Dialect.Igmp))
                .Where(each => each.IsIgmp),
        ];

        // Records in the order of their names: ALLOW before BLOCK.
        private static string Text(ReportContent report, Address group) => string.Join(
            ", ", report.Records.Select(each => each.Group == group ? Text(each) : each.ToString()).Order(StringComparer.Ordinal));

        private static string Text(RecordContent record) =>
            string.Join(' ', record.Sources.Order().Select(each => $"{each.V4Bits - 0x0A01_0000}").Prepend(record.Type.ShortName()));
    }
}
