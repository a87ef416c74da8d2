using FluentAssertions;
using MulticastLab.Conformance.Suite.NearlyCorrect;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Conformance.Judging;

/// <summary>
/// The judge of captures bites, and does not bite those who are right: it is given the captures of the suite's tests, in virtual time, and
/// knows nothing of what was played.
/// </summary>
public sealed class PlayedCaptureTests
{
    // With timers that no message tells, and that differ from the defaults; and with an option that RFC 9776 leaves open.
    private static readonly Dictionary<string, string[]> NotTold = new()
    {
        ["multicast-lab-router"] =
        [
        ],
        ["multicast-lab-host"] =
        [
            "older-mode-can-be-switched-off: older-querier-answered-in-its-version",
            "repetitions-come-at-random-within-uri: change-reported-robustness-variable-times",
        ],
    };

    /// <summary>Each mistake with a test whose capture shows it, and the rule that it breaks.</summary>
    public static TheoryData<string, string, string> MistakesOfRouters => new()
    {
        { "ttl-is-64", "sent-with-ttl-1", "sent-with-ttl-1" },
        { "tos-is-0", "sent-as-internet-control", "sent-as-internet-control" },
        { "no-router-alert", "sent-with-router-alert", "sent-with-router-alert" },
        { "router-alert-is-not-0", "sent-with-router-alert", "sent-with-router-alert" },
        { "wrong-checksum", "sent-with-checksum", "sent-with-checksum" },
        { "wrong-header-checksum", "sent-as-ip-protocol-2", "sent-as-ip-protocol-2" },
        { "ethernet-broadcast", "sent-to-the-ethernet-address-of-its-group", "sent-to-the-ethernet-address-of-its-group" },
        { "reserved-bytes-of-reports-set", "sent-report-reserved-is-zero", "sent-with-reserved-fields-of-zero" },
        { "bytes-after-the-report", "sent-report-has-nothing-behind-it", "sent-without-more-data" },
        { "auxiliary-data-in-reports", "sent-report-has-no-auxiliary-data", "sent-without-auxiliary-data" },
        { "general-query-to-v3-routers", "sent-query-goes-to-its-group", "sent-query-goes-to-its-group" },
        { "specific-query-to-all-systems", "sent-query-goes-to-its-group", "sent-query-goes-to-its-group" },
        { "reserved-bits-set", "sent-query-has-no-flags", "sent-query-has-no-flags" },
        { "bytes-after-the-query", "sent-query-has-nothing-behind-it", "sent-query-has-nothing-behind-it" },
        { "source-count-off", "allow-and-block-of-one-group", "sent-query-counts-its-sources" },
        { "response-code-linear", "qri-is-10s-by-default", "response-time-not-above-query-interval" },
        { "one-general-query-only", "higher-address-loses-as-number", "starts-with-startup-queries" },
        { "one-general-query-only", "forged-query-suspends-only", "takes-over-after-other-querier-present-interval" },
        { "startup-interval-is-query-interval", "starts-with-3-queries", "starts-with-startup-queries" },
        { "queries-twice", "general-queries-every-query-interval", "general-queries-every-query-interval" },
        { "queries-twice", "querier-keeps-its-interval", "higher-address-does-not-stop-it" },
        { "ignores-queries", "lower-address-wins", "silent-beside-a-lower-address" },
        { "ignores-general-queries", "loser-drops-its-next-query", "silent-beside-a-lower-address" },
        { "asks-as-nonquerier", "nonquerier-asks-nothing-after-leave", "silent-beside-a-lower-address" },
        { "qqic-not-taken-over", "query-interval-is-adopted", "silent-beside-a-lower-address" },
        { "last-member-queries-one-more", "leave-ends-group-after-lmqt", "leave-asked-about" },
        { "last-member-queries-one-more", "block-ends-stream-after-lmqt", "block-asked-about" },
        { "specific-queries-once", "leave-ends-stream-after-lmqt", "leave-asked-about" },
        { "s-flag-always-in-specific-queries", "group-query-suppresses-when-answered", "s-flag-as-timers-are" },
        { "s-flag-never", "group-query-suppresses-when-answered", "s-flag-as-timers-are" },
    };

    /// <summary>The same of hosts.</summary>
    public static TheoryData<string, string, string> MistakesOfHosts => new()
    {
        { "no-router-alert", "v2-sent-with-router-alert", "sent-with-router-alert" },
        { "reports-to-the-group", "change-is-reported-rv-times-2", "sent-to-the-routers" },
        { "reserved-bytes-set", "v3-sent-with-reserved-fields-of-zero", "sent-with-reserved-fields-of-zero" },
        { "bytes-after-the-report", "v3-sent-without-more-data", "sent-without-more-data" },
        { "says-it-is-in-all-systems", "all-systems-is-never-reported", "never-reports-all-systems" },
        { "leaves-to-the-group", "version-2-leave", "older-leave-goes-to-all-routers" },
        { "older-reports-to-all-routers", "older-querier-is-remembered-2", "older-report-goes-to-its-group" },
        { "older-messages-with-bytes-after", "version-1-report-form", "older-message-is-eight-octets" },
        { "no-sources-of-type-5", "change-ex-ex", "reports-changes-with-sources" },
        { "no-sources-of-type-2", "group-query-is-answered-with-excluded-sources", "answers-tell-its-filter" },
        { "one-source-more-of-type-2", "general-query-is-answered-for-each-group", "answers-tell-its-filter" },
        { "answers-late", "answers-are-random-within-max-response-time", "group-specific-query-answered" },
        { "no-older-reports", "older-querier-is-remembered-10", "general-query-answered" },
        { "ignores-older-queries", "mode-change-cancels-what-is-pending", "older-querier-answered-in-its-version" },
        { "new-version-beside", "included-sources-join-in-version-2", "older-querier-answered-in-its-version" },
        { "old-version-beside", "current-version-returns", "version-3-without-older-querier" },
        { "ignores-other-members", "version-2-host-is-suppressed-by-version-1", "report-suppressed-in-older-version" },
    };

    [Theory]
    [MemberData(nameof(MistakesOfRouters))]
    public Task A_router_with_one_mistake_is_noticed(string mistake, string test, string rule) =>
        IsNoticed("multicast-lab-router", () => RouterMistakes.All.Single(each => each.Name == mistake), test, rule);

    [Theory]
    [MemberData(nameof(MistakesOfHosts))]
    public Task A_host_with_one_mistake_is_noticed(string mistake, string test, string rule) =>
        IsNoticed("multicast-lab-host", () => HostMistakes.All.Single(each => each.Name == mistake), test, rule);

    [Theory]
    [InlineData("multicast-lab-router")]
    [InlineData("multicast-lab-host")]
    public async Task A_right_device_breaks_no_rule_in_any_capture(string device)
    {
        var judged = await JudgedRun.Play(device, new SimulatedEngine());

        judged.Should().HaveCountGreaterThan(100);
        judged.SelectMany(each => each.Value.Tests.Where(test => test.Breaks), (each, test) => $"{each.Key}: {test.Test}")
            .Should().BeEquivalentTo(NotTold[device]);
    }

    private static async Task IsNoticed(string device, Func<Mistake> mistake, string test, string rule)
    {
        var judged = await JudgedRun.Play(device, new MistakenEngine(mistake), [TestCatalog.Find(test)!]);

        var report = judged[test].Tests.Single(each => each.Test == rule);
        report.Verdict.Should().Be(Verdict.Fail, report.Reason ?? report.Seen);
        report.Frames.Should().NotBeEmpty();
    }
}
