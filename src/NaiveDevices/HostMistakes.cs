namespace MulticastLab.NaiveDevices;

/// <summary>The mistakes of the naive host. Each is made where a beginner would make it: look for its name in the code.</summary>
public static class HostMistakes
{
    /// <summary>Of its answers.</summary>
    public static readonly Mistake
        AnswersAtOnce = new(
            "answers-at-once", "answers without a random delay",
            "RFC 9776 §5.2", "general-query-is-not-answered-at-once"),
        GeneralQueriesOnly = new(
            "general-queries-only", "answers General Queries only",
            "RFC 9776 §5.2", "group-query-is-answered-for-that-group-only"),
        SourcesNotCompared = new(
            "sources-not-compared", "answers a query about sources with its whole filter",
            "RFC 9776 §5.2", "source-query-in-include-mode"),
        SuppressesAnswers = new(
            "suppresses-answers", "keeps silent when another host has reported the group",
            "RFC 9776 §5.2", "reports-of-others-do-not-suppress"),
        LinearCodes = new(
            "linear-codes", "takes a Max Resp Code of 128 and more as tenths of a second",
            "RFC 9776 §4.1.1", "max-resp-code-255"),
        WrongChecksumAccepted = new(
            "wrong-checksum-accepted", "answers queries whose checksum is wrong",
            "RFC 9776 §4.1.2", "ignores-query-with-wrong-checksum"),
        OlderQueriersIgnored = new(
            "older-queriers-ignored", "answers queries of versions 1 and 2 in version 3",
            "RFC 9776 §7.2.1", "older-query-is-answered-in-version-2");

    /// <summary>Of the changes that it reports.</summary>
    public static readonly Mistake
        ReportsOnce = new(
            "reports-once", "reports a change once, and never repeats it",
            "RFC 9776 §5.1", "change-is-reported-rv-times-2"),
        LeavesSilently = new(
            "leaves-silently", "leaves a group without a report",
            "RFC 9776 §5.1", "leave-is-to-in-without-sources"),
        CurrentStateOnChange = new(
            "current-state-on-change", "reports a change by IS_IN or IS_EX instead of what has changed",
            "RFC 9776 §5.1", "join-is-to-ex-without-sources"),
        ExcludeListDropped = new(
            "exclude-list-dropped", "joins any source where some were to be excluded",
            "RFC 9776 §5.1", "group-query-is-answered-with-excluded-sources"),
        LastSocketWins = new(
            "last-socket-wins", "has the filter of the last socket that was set, not that of all",
            "RFC 9776 §3.2", "sockets-in-include-mode-are-merged");

    /// <summary>Of the messages that it sends.</summary>
    public static readonly Mistake
        AllSystemsReported = new(
            "all-systems-reported", "reports 224.0.0.1",
            "RFC 9776 §5", "all-systems-is-never-reported", "own-groups-without-all-systems"),
        SentToGroup = new(
            "sent-to-group", "sends reports of version 3 to the group",
            "RFC 9776 §4.2.15", "own-groups-sent-to-the-routers"),
        NoRouterAlert = new(
            "no-router-alert", "sends reports without the Router Alert option",
            "RFC 9776 §4", "own-groups-sent-with-router-alert"),
        TtlSixtyFour = new(
            "ttl-64", "sends reports with a TTL of 64",
            "RFC 9776 §4", "own-groups-sent-with-ttl-1"),
        TosZero = new(
            "tos-zero", "sends reports with the Type of Service 0",
            "RFC 9776 §4", "own-groups-sent-as-internet-control"),
        LongReports = new(
            "long-reports", "says everything in one report, which the link may have no room for",
            "RFC 9776 §4.2.17", "records-that-do-not-fit-go-into-several-reports", "large-excluded-list-is-cut");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<Mistake> All { get; } =
    [
        AnswersAtOnce, GeneralQueriesOnly, SourcesNotCompared, SuppressesAnswers, LinearCodes, WrongChecksumAccepted, OlderQueriersIgnored,
        ReportsOnce, LeavesSilently, CurrentStateOnChange, ExcludeListDropped, LastSocketWins,
        AllSystemsReported, SentToGroup, NoRouterAlert, TtlSixtyFour, TosZero, LongReports,
    ];
}
