namespace MulticastLab.NaiveDevices;

/// <summary>The mistakes of the naive router. Each is made where a beginner would make it: look for its name in the code.</summary>
public static class RouterMistakes
{
    /// <summary>Of timers.</summary>
    public static readonly Mistake
        ShortMembership = new(
            "short-membership", "forgets groups and sources after the Last Member Query Time",
            "RFC 9776 §8.4", "gmi-of-group"),
        GroupTimerStopped = new(
            "group-timer-stopped", "stops the group timer at an IS_EX record: the group never ends",
            "RFC 9776 §6.4.1", "gmi-of-group"),
        SourceTimersStopped = new(
            "source-timers-stopped", "stops source timers that it has just set: sources never end",
            "RFC 9776 §6.4.1", "gmi-of-source", "expired-source-is-not-forwarded"),
        EmptyGroupStays = new(
            "empty-group-stays", "keeps a group in EXCLUDE mode when its timer has expired",
            "RFC 9776 §6.5", "gmi-of-group"),
        NoSwitchToInclude = new(
            "no-switch-to-include", "deletes the whole group when its timer expires, although sources are still asked for",
            "RFC 9776 §6.5", "switch-to-include-keeps-streams");

    /// <summary>Of the state table.</summary>
    public static readonly Mistake
        ToExKeepsMode = new(
            "to-ex-keeps-mode", "compares instead of assigning: TO_EX leaves the group in INCLUDE mode",
            "RFC 9776 §6.4.2", "table-include-toex-none-empty", "record-type-4"),
        KnownSourcesForgotten = new(
            "known-sources-forgotten", "calculates with an empty list of known sources: queries about the wrong ones",
            "RFC 9776 §6.4.2", "block-is-asked-about"),
        ListChangedWhileRead = new(
            "list-changed-while-read", "breaks off a report as soon as a record deletes a source",
            "RFC 9776 §6.4.1", "records-are-taken-in-their-order"),
        ToExKeepsPackets = new(
            "to-ex-keeps-packets", "stores the excluded sources of a TO_EX so that it never finds them again",
            "RFC 9776 §6.4.2", "table-include-toex-disjoint"),
        NothingBlocked = new(
            "nothing-blocked", "keeps no list of blocked sources in EXCLUDE mode",
            "RFC 9776 §6.2.1", "does-not-forward-blocked-source");

    /// <summary>Of specific queries.</summary>
    public static readonly Mistake
        LeaveAskedOnce = new(
            "leave-asked-once", "asks about a leave once, and waits 10 s for an answer",
            "RFC 9776 §6.6.3.1", "leave-asked-2-times", "leave-ends-group-after-lmqt"),
        QueryCreatesGroup = new(
            "query-creates-group", "makes a record of a group that is only queried about",
            "RFC 9776 §6.6.1", "query-creates-no-state"),
        QueryRaisesTimer = new(
            "query-raises-timer", "sets the group timer by a received query even when that prolongs it",
            "RFC 9776 §6.6.1", "query-does-not-prolong-group-timer"),
        SFlagIgnored = new(
            "s-flag-ignored", "lowers timers although the S flag of a query is set",
            "RFC 9776 §6.6.1", "suppressed-query-lowers-no-group-timer");

    /// <summary>Of the messages that it sends.</summary>
    public static readonly Mistake
        MaxRespCodeFixed = new(
            "max-resp-code-fixed", "sends the Max Resp Code 125 in every query",
            "RFC 9776 §4.1.1", "group-query-fields"),
        NoRouterAlert = new(
            "no-router-alert", "sends queries without the Router Alert option",
            "RFC 9776 §4", "sent-with-router-alert"),
        TosZero = new(
            "tos-zero", "sends queries with the Type of Service 0",
            "RFC 9776 §4", "sent-as-internet-control"),
        LinearCodes = new(
            "linear-codes", "reads and writes codes of 128 and more as if they had no exponent",
            "RFC 9776 §4.1.1", "sent-response-time-of-1000-tenths", "query-interval-is-adopted"),
        LongQueries = new(
            "long-queries", "asks about any number of sources in one query, which the link may have no room for",
            "RFC 9776 §4.1.8", "sent-query-fits-the-link");

    /// <summary>Of the election.</summary>
    public static readonly Mistake
        OneStartupQuery = new(
            "one-startup-query", "sends one query at the start, and the next one a Query Interval later",
            "RFC 9776 §8.7", "starts-with-3-queries"),
        TakeOverToRouters = new(
            "take-over-to-routers", "sends its first query after taking over to 224.0.0.22",
            "RFC 9776 §4.1.12", "take-over-query-goes-to-all-systems"),
        SFlagElects = new(
            "s-flag-elects", "yields for ever to a query with the S flag set",
            "RFC 9776 §4.1.5", "suppressed-query-starts-the-timer"),
        BetweenStopsTimer = new(
            "between-stops-timer", "stops waiting for the querier when a router between it and itself queries",
            "RFC 9776 §6.6.2", "router-between-is-replaced"),
        NothingAdopted = new(
            "nothing-adopted", "does not take over the querier's Robustness Variable and Query Interval",
            "RFC 9776 §4.1.6", "robustness-is-adopted"),
        VersionTwoElectsNobody = new(
            "version-2-elects-nobody", "ignores queries of version 2",
            "RFC 9776 §7.3.1", "older-general-query-elects");

    /// <summary>Of the messages that it receives.</summary>
    public static readonly Mistake
        VersionThreeOnly = new(
            "version-3-only", "ignores reports of versions 1 and 2, and leaves",
            "RFC 9776 §7.3.2", "older-leave-is-asked-about"),
        UnspecifiedDropped = new(
            "unspecified-dropped", "drops reports from 0.0.0.0",
            "RFC 9776 §4.2.14", "report-without-address-is-accepted", "report-from-no-address"),
        UnicastDropped = new(
            "unicast-dropped", "drops reports that are sent to its own address",
            "RFC 9776 §4.2.15", "version-2-report-to-the-router"),
        UnknownRecordEndsReport = new(
            "unknown-record-ends-report", "drops a report that has a record of an unknown type",
            "RFC 9776 §4.2.13", "record-of-unknown-type-7"),
        AuxiliaryDataRead = new(
            "auxiliary-data-read", "takes auxiliary data for the next record",
            "RFC 9776 §4.2.11", "auxiliary-data-is-skipped"),
        UnicastGroupHangs = new(
            "unicast-group-hangs", "hangs for ever after one record of an address that is no group",
            "RFC 9776 §4.2.9", "record-of-unicast-address"),
        LinkLocalForwarded = new(
            "link-local-forwarded", "keeps and forwards groups of 224.0.0.0/24 as any other",
            "RFC 4541 §2.1.2", "record-of-all-systems"),
        NotInAllRouters = new(
            "not-in-all-routers", "does not join 224.0.0.22: nobody hears a report of it",
            "RFC 9776 §6", "router-reports-its-own-group");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<Mistake> All { get; } =
    [
        ShortMembership, GroupTimerStopped, SourceTimersStopped, EmptyGroupStays, NoSwitchToInclude,
        ToExKeepsMode, KnownSourcesForgotten, ListChangedWhileRead, ToExKeepsPackets, NothingBlocked,
        LeaveAskedOnce, QueryCreatesGroup, QueryRaisesTimer, SFlagIgnored,
        MaxRespCodeFixed, NoRouterAlert, TosZero, LinearCodes, LongQueries,
        OneStartupQuery, TakeOverToRouters, SFlagElects, BetweenStopsTimer, NothingAdopted, VersionTwoElectsNobody,
        VersionThreeOnly, UnspecifiedDropped, UnicastDropped, UnknownRecordEndsReport, AuxiliaryDataRead, UnicastGroupHangs,
        LinkLocalForwarded, NotInAllRouters,
    ];
}
