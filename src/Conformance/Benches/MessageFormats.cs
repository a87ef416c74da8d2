using System.Globalization;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.Conformance.Benches;

/// <summary>Something that is right about the bytes of every message of a kind (RFC 9776 §4), whoever has sent it.</summary>
/// <param name="Name">What tests of it are called.</param>
/// <param name="Requirement">The requirement that it shows.</param>
/// <param name="What">What is right, as a clause: a message has it.</param>
/// <param name="IsOf">Whether a message is of the kind.</param>
/// <param name="Wrong">What a message of the kind has instead; null when it is right.</param>
internal sealed record MessageFormat(
    string Name, string Requirement, string What, Func<WireMessage, bool> IsOf, Func<WireMessage, Dialect, string?> Wrong);

/// <summary>The formats of messages as data: tests and the judge of captures hold messages against them.</summary>
internal static class MessageFormats
{
    private const int FixedQueryLength = 12;
    private const int AddressLength = 4;

    /// <summary>The packets around messages of all kinds, and their checksums.</summary>
    internal static IReadOnlyList<MessageFormat> OfAll { get; } =
    [
        OfAny("sent-as-ip-protocol-2", "V3-M-4-01", "IP protocol 2 and a correct header", WireRules.Protocol),
        OfAny("sent-with-ttl-1", "V3-M-4-02", "a TTL of 1", WireRules.TimeToLive),
        OfAny(
            "sent-as-internet-control", "V3-M-4-04", "the precedence Internetwork Control, a Type of Service of 0xC0",
            WireRules.Precedence),
        OfAny("sent-with-router-alert", "V3-M-4-06", "the option Router Alert", WireRules.HasRouterAlert),
        OfAny(
            "sent-to-the-ethernet-address-of-its-group", "V3-M-6.4-01",
            "the Ethernet address made of the low 23 bits of the group as its destination", WireRules.EthernetDestination),
        OfAny("sent-with-checksum", "V3-M-4.1.2-01", "a correct checksum", WireRules.Checksum),
    ];

    /// <summary>Reports of version 3.</summary>
    internal static IReadOnlyList<MessageFormat> OfReports { get; } =
    [
        OfReport("sent-with-reserved-fields-of-zero", "V3-M-4.2.1-01", "reserved fields of zero", message =>
            (message.At(1), message.Word(4)) switch
            {
                (0, 0) => null,
                var (first, second) => $"0x{first:X2} and 0x{second:X4}",
            }),
        OfReport("sent-without-auxiliary-data", "V3-M-4.2.11-01", "no auxiliary data", message =>
            WireRecord.Of(message, out _).FirstOrDefault(each => each.AuxiliaryWords != 0) is { } other
                ? string.Create(CultureInfo.InvariantCulture, $"{other.AuxiliaryWords} words of them for {other.Group}")
                : null),
        OfReport("sent-without-more-data", "V3-M-4.2.12-02", "nothing behind its last record", message =>
        {
            WireRecord.Of(message, out var end);
            return end == message.Body.Length
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{message.Body.Length} bytes and records that end at {end}");
        }),
    ];

    /// <summary>The destination of reports of version 3.</summary>
    internal static MessageFormat ReportDestination { get; } = new(
        "sent-to-the-routers", "V3-H-4.2.15-01", "the address of all IGMPv3-capable routers as its destination",
        message => message.IsReport,
        (message, dialect) => message.Destination == dialect.ReportDestination ? null : $"{message.Destination}");

    /// <summary>Queries of version 3.</summary>
    internal static IReadOnlyList<MessageFormat> OfQueries { get; } =
    [
        OfQuery("sent-query-has-no-flags", "V3-M-4.1.4-01", "no flags", message => (message.At(8) & 0xF0) == 0
            ? null
            : $"0x{message.At(8):X2} in its ninth byte"),
        OfQuery("sent-query-has-nothing-behind-it", "V3-M-4.1.10-04", "nothing behind its sources", message =>
            message.Body.Length <= FixedQueryLength + (AddressLength * message.Word(10)) ? null : LengthAndSources(message)),
    ];

    /// <summary>The number of sources of a query of version 3.</summary>
    internal static MessageFormat SourceCount { get; } = OfQuery(
        "sent-query-counts-its-sources", "V3-M-4.1.8-02", "its number of sources", message =>
            message.Body.Length >= FixedQueryLength + (AddressLength * message.Word(10)) ? null : LengthAndSources(message));

    /// <summary>The group of a query of any version.</summary>
    internal static MessageFormat QueryGroup { get; } = new(
        "sent-query-names-its-group", "V3-M-4.1.3-01", "its group in it", message => message.IsQuery, (message, dialect) =>
            message.Destination == dialect.AllSystems || message.Group == message.Destination ? null : GroupAndDestination(message));

    /// <summary>The destination of a query of any version.</summary>
    internal static MessageFormat QueryDestination { get; } = new(
        "sent-query-goes-to-its-group", "V3-R-4.1.12-01", "its group, or all systems, as its destination",
        message => message.IsQuery,
        (message, dialect) =>
            message.Destination == (message.Group is { IsUnspecified: false } group ? group : dialect.AllSystems)
                ? null
                : GroupAndDestination(message));

    private static string LengthAndSources(WireMessage message) => string.Create(
        CultureInfo.InvariantCulture, $"{message.Body.Length} bytes, and says that there are {message.Word(10)} sources");

    private static string GroupAndDestination(WireMessage message) => $"the group {message.Group} and goes to {message.Destination}";

    private static MessageFormat OfAny(string name, string requirement, string what, Func<WireMessage, string?> wrong) =>
        new(name, requirement, what, _ => true, (message, _) => wrong(message));

    private static MessageFormat OfReport(string name, string requirement, string what, Func<WireMessage, string?> wrong) =>
        new(name, requirement, what, message => message.IsReport, (message, _) => wrong(message));

    // The older ones are of eight bytes (RFC 9776 §7.1).
    private static MessageFormat OfQuery(string name, string requirement, string what, Func<WireMessage, string?> wrong) =>
        new(name, requirement, what, message => message.IsQuery && message.Body.Length > 8, (message, _) => wrong(message));
}
