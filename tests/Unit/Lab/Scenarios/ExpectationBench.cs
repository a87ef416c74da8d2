using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// Judges expectations by frames that a test has made up: r1 and source on LAN U; r1, h1 and h2 on LAN A. Tolerance 1 ms.
/// </summary>
internal sealed class ExpectationBench
{
    public static readonly Address G = MadeUpFrames.G;
    public static readonly Address S1 = MadeUpFrames.S1;
    public static readonly Address S2 = MadeUpFrames.S2;

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(1);

    private readonly List<LabFrame> frames = [];

    public ExpectationBench()
    {
        var topology = new Topology
        {
            Name = "bench",
            Directory = "bench",
            Lans = ["U", "A"],
            Nodes =
            [
                Node("r1", NodeKind.Router, 1, "U", "A"),
                Node("h1", NodeKind.Host, 3, "A"),
                Node("h2", NodeKind.Host, 4, "A"),
                Node("source", NodeKind.Host, 5, "U"),
            ],
        };
        Run = new LabRun(new SimulatedLab(topology, new LabOptions()), new LabOptions(), null, CancellationToken.None);
    }

    public LabRun Run { get; }

    /// <summary>How coarse the timers of all devices are.</summary>
    public TimeSpan Granularity { get; init; }

    public RouterNode R1 => Run.Router("r1");

    public HostNode H1 => Run.Host("h1");

    public HostNode H2 => Run.Host("h2");

    /// <summary>The start of all times here.</summary>
    public static Moment Start { get; } = new(new Instant(0), "the start");

    /// <summary>The stream from S1 to G, a datagram every 100 ms.</summary>
    public DatagramStream Stream => StreamOf(S1, G);

    public DatagramStream StreamOf(Address source, Address group) =>
        new(Run, Run.Host("source").Name, source, group, TimeSpan.FromMilliseconds(100));

    public static Instant At(double seconds) => Instant.Epoch + TimeSpan.FromMicroseconds(Math.Round(seconds * 1_000_000));

    public ExpectationBench GeneralQuery(double at, string from = "r1", string lan = "A") =>
        Query(at, MadeUpFrames.GeneralQuery, from: from, lan: lan);

    public ExpectationBench Query(double at, bool suppress, params Address[] sources) =>
        Query(at, MadeUpFrames.QueryOf(G, sources) with { SuppressRouterSideProcessing = suppress });

    /// <summary>Any query, wherever it was sent to.</summary>
    public ExpectationBench Query(double at, QueryContent query, Address? to = null, string from = "r1", string lan = "A") =>
        Add(at, lan, from, MadeUpFrames.IgmpPacket(query, to));

    public ExpectationBench Report(double at, string from, RecordType type, params Address[] sources) =>
        Add(at, "A", from, MadeUpFrames.IgmpPacket(null, new RecordContent(type, G, sources)));

    public ExpectationBench WithoutRouterAlert(double at, string from)
    {
        Span<byte> message = stackalloc byte[1500];
        var length = IgmpWriter.WriteReportMessage(message, new ReportContent([new RecordContent(RecordType.IsExclude, G, [])]));
        Span<byte> packet = stackalloc byte[1500];
        var header = new Ipv4Header(Address.Parse("10.0.0.11"), Dialect.Igmp.ReportDestination, IpProtocol.Igmp) { TimeToLive = 1 };
        return Add(at, "A", from, packet[..Ipv4Writer.Write(packet, header, message[..length])]);
    }

    /// <summary>A datagram on the source's LAN, and so many copies on the other.</summary>
    public ExpectationBench Datagram(double at, int copies, string from = "source", Address? source = null, Address? group = null)
    {
        Span<byte> payload = stackalloc byte[StreamDatagram.Length];
        new StreamDatagram(1, (ulong)frames.Count, At(at)).Write(payload);
        Span<byte> packet = stackalloc byte[1500];
        var length = UdpWriter.Write(packet, new Ipv4Header(source ?? S1, group ?? G, IpProtocol.Udp), 5001, 5001, payload);
        Add(at, "U", from, packet[..length]);
        for (var i = 0; i < copies; i++)
            Add(at, "A", "r1", packet[..length]);
        return this;
    }

    /// <summary>Datagrams every 100 ms, those sent within the given span copied.</summary>
    public ExpectationBench Datagrams(double from, double to, double copiedFrom, double copiedTo)
    {
        for (var i = 0; from + (i * 0.1) < to; i++)
        {
            var at = from + (i * 0.1);
            Datagram(at, at >= copiedFrom && at < copiedTo ? 1 : 0);
        }

        return this;
    }

    /// <summary>Judges, at the given time, after all frames; tells what is wrong.</summary>
    public IReadOnlyList<string> Judge(Expectation expectation, double now, params Expectation[] before)
    {
        var seen = frames.OrderBy(frame => frame.At.Nanoseconds).Select(frame => SeenFrame.Decode(frame, Dialect.Igmp)).ToList();
        var record = new Record(seen, seen.FindAll(frame => frame.IsIgmp), Latency, Latency + Granularity, At(now));
        foreach (var each in before)
            each.Judge(record);
        expectation.Judge(record);
        return [.. expectation.Problems.Select(problem => problem.Text)];
    }

    private ExpectationBench Add(double at, string lan, string node, ReadOnlySpan<byte> packet)
    {
        frames.Add(MadeUpFrames.Frame(frames.Count + 1, At(at), lan, node, packet));
        return this;
    }

    private static Node Node(string name, NodeKind kind, ulong mac, params string[] lans) => new()
    {
        Name = name,
        Kind = kind,
        Interfaces = [.. lans.Select((lan, i) => new Attachment($"eth{i}", lan, new MacAddress(0x0200_0000_0000 + (mac * 16) + (ulong)i)))],
    };
}
