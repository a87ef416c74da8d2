using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>The formats of what a device sends (RFC 9776 §4): those of the suite, and a few of all versions.</summary>
internal static class FormatRules
{
    private const int OlderLength = 8;
    private const int CurrentLength = 12;

    /// <summary>What holds of every device.</summary>
    internal static IEnumerable<CaptureRule> OfAll =>
    [
        .. MessageFormats.OfAll.Select(each => Of(each, "Everything that the device sends", "messages", "a message of the device")),
    ];

    /// <summary>Of a device that queries.</summary>
    internal static IEnumerable<CaptureRule> OfQueries =>
    [
        .. new[] { MessageFormats.QueryGroup, MessageFormats.QueryDestination }.Concat(MessageFormats.OfQueries)
            .Append(MessageFormats.SourceCount).Select(each => Of(each, "Every query", "queries", "a query of the device")),
        Rule(
            "sent-query-has-a-length-of-its-version", "V3-X-7.1-04", "8 octets, or 12 and more", "queries", "a query of the device",
            message => message.IsQuery,
            (_, message) => message.Body.Length is OlderLength or >= CurrentLength
                ? null
                : FormattableString.Invariant($"{message.Body.Length} octets")),
    ];

    /// <summary>Of a device that reports.</summary>
    internal static IEnumerable<CaptureRule> OfReports =>
    [
        .. MessageFormats.OfReports.Prepend(MessageFormats.ReportDestination)
            .Select(each => Of(each, "Every report of version 3", "reports", "a report of version 3")),
        Rule(
            "sent-with-record-types", "V3-M-4.2.13-01", "records of the six types that there are", "reports", "a report of version 3",
            message => message.IsReport,
            (_, message) => WireRecord.Of(message, out var _).FirstOrDefault(each => each.Type is < 1 or > 6) is { } other
                ? FormattableString.Invariant($"a record of type {other.Type}")
                : null),
        Rule(
            "sent-records-name-groups", "V3-M-4.2.9-01", "groups in its records", "reports", "a report of version 3",
            message => message.IsReport,
            (_, message) => WireRecord.Of(message, out var _).FirstOrDefault(each => !each.Group.IsMulticast) is { } other
                ? $"a record of {other.Group}"
                : null),
        Rule(
            "never-reports-all-systems", "V3-H-5-03", "another group than that of all systems", "messages", "a report or leave",
            message => !message.IsQuery,
            (device, message) => Groups(message).Contains(device.Dialect.AllSystems) ? $"{device.Dialect.AllSystems}" : null),
        Rule(
            "older-report-goes-to-its-group", "V3-X-4.2.15-01", "its group as destination", "reports", "a report of an older version",
            message => message.At(0) is 0x12 or 0x16,
            (_, message) => message.Destination == message.Group ? null : $"the group {message.Group} and goes to {message.Destination}"),
        Rule(
            "older-leave-goes-to-all-routers", "V3-X-3-01", "all routers as destination", "leaves", "a leave of version 2",
            message => message.At(0) == 0x17,
            (device, message) => message.Destination == device.Dialect.AllRouters ? null : $"the destination {message.Destination}"),
        Rule(
            "older-message-is-eight-octets", "V3-X-App.I-01", "eight octets", "messages", "a message of an older version",
            message => message.At(0) is 0x12 or 0x16 or 0x17,
            (_, message) => message.Body.Length == OlderLength ? null : FormattableString.Invariant($"{message.Body.Length} octets")),
    ];

    private static CaptureRule Of(MessageFormat format, string subject, string unit, string nothing) => new(
        format.Name, [format.Requirement], $"{subject} has {format.What}.", unit, nothing,
        device => format.Name == "sent-to-the-ethernet-address-of-its-group" && !device.HasEthernet
            ? []
            : Always(device, unit, format.What, format.IsOf, (_, message) => format.Wrong(message, device.Dialect)));

    private static CaptureRule Rule(
        string name, string requirement, string what, string unit, string nothing, Func<WireMessage, bool> isOf,
        Func<JudgedDevice, WireMessage, string?> wrong) => new(
        name, [requirement], $"Each of the {unit} has {what}.", unit, nothing, device => Always(device, unit, what, isOf, wrong));

    private static IEnumerable<CaptureCase> Always(
        JudgedDevice device, string unit, string what, Func<WireMessage, bool> isOf, Func<JudgedDevice, WireMessage, string?> wrong) =>
        CaptureCase.Always(
            device, device.Every($"each of the {unit}", isOf), what, (SeenFrame frame) => wrong(device, WireMessage.Of(frame)));

    private static IEnumerable<Address> Groups(WireMessage message) => message.IsReport
        ? WireRecord.Of(message, out _).Select(each => each.Group)
        : message.Group is { } group ? [group] : [];
}
