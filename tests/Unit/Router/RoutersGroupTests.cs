using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Router.Cli;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The real router is a member of 224.0.0.22 on its LAN (RFC 9776 §6), and nobody's listener for it.</summary>
public sealed class RoutersGroupTests : IDisposable
{
    private const string Joins = "ToExclude 224.0.0.22";
    private const string Answers = "IsExclude 224.0.0.22";
    private const string Leaves = "ToInclude 224.0.0.22";

    // One startup query, and the next one far away.
    private const string Quiet = "--interface eth0 --query-interval 200 --query-max-response-time 0.5 --startup-query-count 1";

    private static readonly Address R = Address.Parse("10.0.0.2");
    private static readonly Address Lower = Address.Parse("10.0.0.1");
    private static readonly Address Higher = Address.Parse("10.0.0.5");
    // With it an answer is still before the next query.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(450);

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly IgmpEar ear;

    public RoutersGroupTests()
    {
        here.WireTo(there, "10.0.0.2/24", "10.0.0.9/24");
        ear = new IgmpEar(there);
    }

    public void Dispose()
    {
        ear.Dispose();
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    [Shows("V3-R-6-02")]
    public Task It_joins_as_it_starts_and_answers_each_of_its_own_queries() => Undisturbed.Run(async () =>
    {
        var before = ear.All.Count;
        using var router = await RouterProcess.StartReady(
            here, "--interface eth0 --robustness-variable 3 --startup-query-count 1 --query-interval 1 --query-max-response-time 0.5");
        var ready = ear.Pending().Count;
        for (var query = 1; query < 5; query++)
            ear.Next(each => each.IsGeneralQuery, "a General Query");

        var seen = ear.All.Skip(before).ToList();
        seen.Should().OnlyContain(each => each.Source == R);
        seen.SelectMany(each => each.Records).Should().OnlyContain(each => each == Joins || each == Answers);
        foreach (var report in seen.Where(each => each.Type == IgmpType.V3MembershipReport))
        {
            IgmpPacket.TryRead(report.Packet, out var message).Should().Be(PacketError.None);
            message.Envelope.Should().Be(new Envelope(R, Address.Parse("224.0.0.22"), 1, RouterAlert: true));
        }

        // §5.1: at once, which is before the router says that it is ready, and Robustness Variable times in all, each within the
        // Unsolicited Report Interval of 1 s.
        var joins = seen.Where(each => each.Records.Contains(Joins)).Select(each => each.At).ToList();
        var queries = seen.Where(each => each.IsGeneralQuery).Select(each => each.At).ToList();
        joins.Should().HaveCount(3);
        seen[1].Records.Should().Equal([Joins], "behind the first query");
        ready.Should().BeGreaterThanOrEqualTo(2);
        joins.Zip(joins.Skip(1), (one, next) => next - one).Should().OnlyContain(gap => gap <= TimeSpan.FromSeconds(1) + Slack);
        // §5.2: each query once, within its Max Response Time.
        var answers = seen.Where(each => each.Records.Contains(Answers)).Select(each => each.At).ToList();
        foreach (var query in queries.SkipLast(1))
            answers.Should().ContainSingle(at => at > query && at <= query + TimeSpan.FromSeconds(0.5) + Slack);
        answers.Should().HaveCount(4);

        var state = await router.State();
        state.First().Groups.Should().BeEmpty();
        state.Statistics.Sent["report"].Should().BeInRange(7, 8, "the last query may have been answered by now");
        state.Statistics.Received["total"].Should().Be(0);
        state.Statistics.Error["total"].Should().Be(0);
    });

    [Fact]
    [Shows("V3-R-6-02")]
    public async Task It_answers_another_routers_query()
    {
        using var router = await RouterProcess.StartReady(here, Quiet);
        ear.Next(each => each.Records.Contains(Answers), "the answer to its own query");

        Query(3, Lower);

        (await router.Until(it => it.First().Querier == Lower, "the other one is the querier")).First().IsQuerier.Should().BeFalse();
        ear.Next(each => each.Records.SequenceEqual([Answers]) && each.Source == R, "the answer to the other one's");
    }

    [Fact]
    [Shows("V3-R-6-01", "V3-R-6-02")]
    public async Task Another_routers_membership_is_counted_and_is_neither_state_nor_an_event_nor_asked_about()
    {
        const string Options = $"{Quiet} --explicit-tracking --immediate-leave tracked --group-policy permit:239.0.0.0/8";
        using var second = await RouterProcess.StartReady(there, Options);
        await using var events = await second.Events();
        using var router = await RouterProcess.StartReady(here, Options);
        // The join, its repetition and the answers of both to the second query.
        await second.Until(it => it.Statistics.Received["report"] >= 3, "the other one's reports have come");
        await router.Until(it => it.Statistics.Received["report"] >= 1, "so have this one's");
        (await router.Terminate()).Should().Be(0);
        ear.Next(each => each.Records.SequenceEqual([Leaves]) && each.Source == R, "at the end it leaves");
        using var host = new IgmpEar(here);
        host.Report(Lower, RecordType.ToExclude, Address.Parse("239.1.1.1"));

        var state = await second.Until(it => it.Group("239.1.1.1") is not null, "a host's report behind the leave");
        state.First().Groups.Should().ContainSingle();
        state.Statistics.Error["total"].Should().Be(0);
        (state.Statistics.Sent["group-specific-query"], state.Statistics.Sent["group-and-source-specific-query"]).Should().Be((0, 0));
        var told = new List<string>();
        while (told.LastOrDefault() != "group-added" && await events.MoveNextAsync())
            told.Add(events.Current.GetProperty("kind").GetString()!);
        told.Should().Equal("querier-changed", "group-added");
        events.Current.GetProperty("group").GetString().Should().Be("239.1.1.1");
    }

    [Fact]
    public async Task When_the_link_is_back_it_joins_anew()
    {
        using var router = await RouterProcess.StartReady(here, Quiet);
        ear.Next(each => each.Records.Contains(Answers), "it is settled");
        here.Ip("link set eth0 down");
        await router.Until(it => !it.First().Up, "the link is down");
        ear.Pending();

        here.Ip("link set eth0 up");

        ear.Next(each => each.IsGeneralQuery, "a query").Source.Should().Be(R);
        ear.Next(each => each.Type == IgmpType.V3MembershipReport, "a report").Records.Should().Equal(Joins);
        ear.Next(each => each.Records.Contains(Answers), "the answer to the query");
    }

    [Fact]
    public async Task From_a_new_address_it_answers_as_before()
    {
        using var router = await RouterProcess.StartReady(here, Quiet);
        ear.Next(each => each.Records.Contains(Answers), "it is settled");

        here.Ip("address add 10.0.0.7/24 dev eth0");
        here.Ip("address del 10.0.0.2/24 dev eth0");
        here.Ip("address replace 10.0.0.7/24 dev eth0");

        ear.Next(each => each.IsGeneralQuery && each.Source == Address.Parse("10.0.0.7"), "a query from there");
        ear.Next(each => each.Records.SequenceEqual([Answers]) && each.Source == Address.Parse("10.0.0.7"), "the answer from there");
    }

    [Fact]
    public async Task Of_an_older_version_it_leaves_and_of_version_3_again_it_joins()
    {
        using var router = await RouterProcess.StartReady(here, Quiet);
        ear.Next(each => each.Records.Contains(Joins), "it joins");
        using var client = await ControlClient.Connect(router.ControlPath, TestContext.Current.CancellationToken);

        await Set(client, "version", "2");
        ear.Next(each => each.Records.SequenceEqual([Leaves]), "it leaves");
        // Were it a member still, it would say so within 0.2 s; in version 2 a query is answered by a report for each group.
        Query(2, Higher);
        await Set(client, "join-group", "[239.1.1.1]");
        ear.Next(each => each.Type == IgmpType.V2MembershipReport, "a report of version 2").Packet[^4..].Should().Equal(239, 1, 1, 1);
        Query(2, Higher);
        ear.Next(each => each.Type != IgmpType.MembershipQuery, "the next report").Packet[^4..].Should().Equal(239, 1, 1, 1);
        var state = await router.State();
        state.First().Groups.Should().ContainSingle().Which.Group.Should().Be(Address.Parse("239.1.1.1"));
        state.Statistics.Error.Where(each => each.Value != 0).Should().BeEmpty();

        await Set(client, "version", "3");
        ear.Next(each => each.Records.Contains(Joins), "it joins again, at once in version 3");
        ear.Next(each => each.Records.SequenceEqual([Answers, "IsExclude 239.1.1.1"]), "its own query of version 3 is answered");
        (await router.State()).First().Groups.Should().ContainSingle();
    }

    [Fact]
    public async Task It_can_be_told_not_to()
    {
        using var router = await RouterProcess.StartReady(
            here, "--interface eth0 --query-interval 0.4 --query-max-response-time 0.2 --join-routers-group false");
        for (var query = 0; query < 4; query++)
            ear.Next(each => each.IsGeneralQuery, "a General Query");
        ear.All.Should().OnlyContain(each => each.IsGeneralQuery);
        using var client = await ControlClient.Connect(router.ControlPath, TestContext.Current.CancellationToken);

        await Set(client, "join-routers-group", "true");
        ear.Next(each => each.Records.SequenceEqual([Joins]), "it joins");
        await Set(client, "join-routers-group", "default");
        await Set(client, "join-routers-group", "false");
        ear.Next(each => each.Records.SequenceEqual([Leaves]), "it leaves");
    }

    private static Task<JsonElement> Set(ControlClient client, string setting, string value) =>
        client.Ask("set", writer => ControlRequests.Set(writer, "eth0", [setting, value]), TestContext.Current.CancellationToken);

    // Of another router.
    private void Query(int version, Address from)
    {
        var buffer = new byte[40];
        var query = new QueryContent(
            Dialect.Igmp.GenerationOf(version), TimeSpan.FromSeconds(0.2), Address.AnyV4, false, version == 3 ? 2 : 0,
            version == 3 ? TimeSpan.FromSeconds(200) : TimeSpan.Zero, []);
        var to = Dialect.Igmp.AllSystems;
        ear.Send(buffer.AsSpan(0, IgmpWriter.WriteQuery(buffer, query, from, to)), MacAddress.ForGroup(to));
    }
}
