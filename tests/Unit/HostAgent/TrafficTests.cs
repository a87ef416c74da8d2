using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Links;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>Streams sent at one end of a link and received at the other.</summary>
public sealed class TrafficTests : IDisposable
{
    private static readonly Address Group = Address.Parse("239.1.1.1");

    private readonly PrivateNetwork host = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork sender = PrivateNetwork.CreateOrSkip();

    public TrafficTests()
    {
        host.WireTo(sender, "10.0.0.11/24", "10.0.0.9/24");
        sender.Ip("address add 10.0.0.8/24 dev eth0");
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    public void A_whole_stream_arrives_without_a_fault(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack);
        using var receive = host.Start(
            AgentProcess.Program, "receive", "239.1.1.1:6000", "--count", "100", "--json", "--control", agent.Control);
        AgentProcess.WaitFor(receive, "hostagent: listening");

        using var send = sender.Start(
            AgentProcess.Program, "send", "239.1.1.1:6000", "--interface", "eth0", "--source", "10.0.0.8", "--count", "100", "--rate",
            "1000", "--json");
        var (sentText, reportText) = (send.StandardOutput.ReadToEnd(), receive.StandardOutput.ReadToEnd());
        var (sent, report) = (JsonDocument.Parse(sentText).RootElement, JsonDocument.Parse(reportText).RootElement);
        receive.WaitForExit();
        send.WaitForExit();

        (receive.ExitCode, send.ExitCode).Should().Be((0, 0));
        Numbers(sent, "sent", "unsent").Should().Equal(100, 0);
        Numbers(report, "port", "received", "lost", "duplicates", "reordered", "foreign", "dropped-by-kernel")
            .Should()
            .Equal(6000, 100, 0, 0, 0, 0, 0);
        var stream = report.GetProperty("streams").EnumerateArray().Should().ContainSingle().Subject;
        stream.GetProperty("source").GetString().Should().Be("10.0.0.8");
        stream.GetProperty("stream").GetString().Should().Be(sent.GetProperty("stream").GetString());
        Numbers(stream, "first-sequence", "last-sequence").Should().Equal(0, 99);
        stream.GetProperty("delay-us").GetProperty("least").GetDouble().Should().BePositive("both ends have one clock");
        // 99 intervals of 1 ms each on the sender's clock: never early.
        sent.GetProperty("duration-us").GetDouble().Should().BeGreaterThanOrEqualTo(99_000);
        Shape(sentText).Should().Be("""{"group":"239.1.1.1","port":#,"stream":"ID","sent":#,"unsent":#,"duration-us":#}""");
        Shape(reportText).Should().Be("""
            {"group":"239.1.1.1","port":#,"received":#,"lost":#,"duplicates":#,"reordered":#,"foreign":#,"dropped-by-kernel":#,
            "streams":[{"source":"10.0.0.8","stream":"ID","received":#,"lost":#,"duplicates":#,"reordered":#,
            "first-sequence":#,"last-sequence":#,"first-at":"TIME","last-at":"TIME",
            "delay-us":{"least":#,"mean":#,"most":#},"gaps":[]}]}
            """.ReplaceLineEndings(""));
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    public void Loss_doubles_and_order_are_counted_until_a_signal(string stack)
    {
        using var agent = new AgentProcess(host, "--stack", stack);
        // The interface takes all sources (RFC 9776 §3.2); each socket still gets only those that it wants.
        agent.Command("join 239.1.1.1");
        using var receive = host.Start(
            AgentProcess.Program, "receive", "239.1.1.1", "--include", "10.0.0.9", "--json", "--control", agent.Control);
        AgentProcess.WaitFor(receive, "hostagent: listening");

        Send("10.0.0.9", 0, 1, 2, 5, 5, 4, 9);
        Send("10.0.0.8", 0, 1);
        // The last one that is wanted: once it is in, all before it are.
        using var last = host.Start(
            AgentProcess.Program, "receive", "239.1.1.1", "--include", "10.0.0.9", "--count", "1", "--json", "--control", agent.Control);
        AgentProcess.WaitFor(last, "hostagent: listening");
        Send("10.0.0.9", 10);
        last.WaitForExit();
        var (exit, output) = AgentProcess.TerminateAndRead(receive);

        exit.Should().Be(0, "without a count, a signal is the ordinary end");
        var report = JsonDocument.Parse(output).RootElement;
        Numbers(report, "received", "lost", "duplicates", "reordered").Should().Equal(7, 4, 1, 1);
        var stream = report.GetProperty("streams").EnumerateArray().Should().ContainSingle("10.0.0.8 is not wanted").Subject;
        stream
            .GetProperty("gaps")
            .EnumerateArray()
            .Select(gap => (Numbers(gap, "from", "to", "count")[0], Numbers(gap, "from", "to", "count")[1]))
            .Should()
            .Equal((3, 3), (6, 8));
        stream.GetProperty("gaps")[0].GetProperty("duration-us").GetDouble().Should().BePositive();
        const string Gap = """{"from":#,"to":#,"count":#,"at":"TIME","duration-us":#}""";
        Shape(output).Should().EndWith($$""","gaps":[{{Gap}},{{Gap}}]}]}""");
    }

    [Fact]
    public void The_agent_starts_and_stops_streams_and_receivers_for_its_clients()
    {
        using var receiving = new AgentProcess(host, "--stack", "user");
        using var sending = new AgentProcess(sender);
        using var control = sending.Connect();
        using var watch = new IgmpWatch(sender);
        using var client = receiving.Connect();
        Ask(client, "receive", """{"group":"239.1.1.1","mode":"include","sources":["10.0.0.8"],"each":true}""");
        watch.Until("ALLOW 239.1.1.1 {10.0.0.8}");

        var stream = Ask(
                control,
                "send",
                """{"group":"239.1.1.1","port":5001,"source":"10.0.0.8","interval-us":1000,"count":null,"ttl":1}""")
            .GetProperty("stream")
            .GetString();
        var lines = client
            .Lines(TestContext.Current.CancellationToken)
            .ToBlockingEnumerable(TestContext.Current.CancellationToken)
            .Take(6)
            .ToList();
        var stopped = Ask(control, "stop-sending", $$"""{"stream":"{{stream}}"}""");
        var again = () => Ask(control, "stop-sending", $$"""{"stream":"{{stream}}"}""");

        lines[0].GetRawText().Should().Be("""{"receiver":1}""");
        Shape(lines[1].GetRawText()).Should().Be("""{"source":"10.0.0.8","sequence":#,"length":#,"at-ns":#,"delay-ns":#}""");
        lines[1..].Select(line => line.GetProperty("sequence").GetInt32()).Should().Equal(0, 1, 2, 3, 4);
        stopped.GetProperty("sent").GetInt64().Should().BeGreaterThanOrEqualTo(5);
        Shape(stopped.GetRawText()).Should().Be("""{"stream":"ID","sent":#,"unsent":#}""");
        again.Should().Throw<ControlException>().WithMessage($"there is no stream {stream}");

        // The client's end ends its membership.
        client.Dispose();
        watch.Until("BLOCK 239.1.1.1 {10.0.0.8}");
    }

    [Theory]
    [InlineData("""{"mode":"include"}""", "\"group\" is missing")]
    [InlineData("""{"group":"239.1.1.1","mode":"both"}""", "\"mode\" is include or exclude, not 'both'")]
    [InlineData("""{"group":"239.1.1.1","sources":"10.0.0.9"}""", "\"sources\" is not a list of strings")]
    [InlineData("""{"group":"239.1.1.1","port":0}""", "\"port\" is a whole number from 1 to 65535")]
    [InlineData("""{"group":"232.1.1.1"}""", "232.1.1.1 is source-specific*")]
    [InlineData("""{"group":"239.1.1.1","mode":"include"}""", "\"sources\" names none")]
    public void A_wrong_request_is_refused_by_the_name_of_the_member(string members, string complaint)
    {
        using var agent = new AgentProcess(host);
        using var control = agent.Connect();

        var ask = () => Ask(control, "receive", members);

        ask.Should().Throw<ControlException>().WithMessage(complaint).Which.ExitCode.Should().Be(ExitCode.Usage);
    }

    public void Dispose()
    {
        host.Dispose();
        sender.Dispose();
    }

    private static JsonElement Ask(ControlClient client, string command, string members) => client.Ask(command, writer =>
    {
        foreach (var member in JsonDocument.Parse(members).RootElement.EnumerateObject())
            member.WriteTo(writer);
    }).GetAwaiter().GetResult();

    /// <summary>A text of JSON, with what differs from run to run left out: numbers, streams' identifiers, times.</summary>
    private static string Shape(string json)
    {
        var shape = Regex.Replace(json.Trim(), "\"[0-9a-f]{16}\"", "\"ID\"");
        shape = Regex.Replace(shape, @"""\d+\.\d{9}""", "\"TIME\"");
        return Regex.Replace(shape, @":-?[0-9][0-9.E+-]*", ":#");
    }

    private static IReadOnlyList<long> Numbers(JsonElement json, params string[] names) =>
        [.. names.Select(name => json.GetProperty(name).GetInt64())];

    private void Send(string source, params ulong[] numbers)
    {
        using var socket = sender.Run(() => MulticastSender.Open(LinkInfo.Read("eth0").Index, Address.Parse(source), timeToLive: 1));
        var payload = new byte[StreamDatagram.Length];
        foreach (var number in numbers)
        {
            new StreamDatagram(7, number, MulticastLab.Linux.Posix.KernelClock.RealTime).Write(payload);
            socket.Send(payload, Group, StreamDatagram.DefaultPort).Should().BeTrue();
        }
    }
}
