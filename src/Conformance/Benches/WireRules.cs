using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// What is right about the bytes of every message, whoever has sent it (RFC 9776 §4). Each rule says what a message has instead; null when
/// it is right.
/// </summary>
internal static class WireRules
{
    /// <summary>The ones' complement sum of words among which the checksum is right.</summary>
    internal const int AllOnes = 0xFFFF;

    private const int InternetControl = 0xC0;

    // RFC 2113 §2.1.
    private static readonly byte[] RouterAlert = [0x94, 0x04, 0x00, 0x00];

    /// <summary>IPv4 of protocol 2, with a correct header checksum.</summary>
    internal static string? Protocol(WireMessage message) =>
        (message.IpVersion, message.Protocol, WireMessage.Sum(message.Header)) switch
        {
            (4, 2, AllOnes) => null,
            (4, 2, _) => "a wrong header checksum",
            var (version, protocol, _) => string.Create(CultureInfo.InvariantCulture, $"version {version} and protocol {protocol}"),
        };

    /// <summary>TTL 1.</summary>
    internal static string? TimeToLive(WireMessage message) =>
        message.TimeToLive == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"TTL {message.TimeToLive}");

    /// <summary>The precedence Internetwork Control.</summary>
    internal static string? Precedence(WireMessage message) =>
        message.TypeOfService == InternetControl ? null : $"a Type of Service of 0x{message.TypeOfService:X2}";

    /// <summary>The option Router Alert, at whatever place among the options.</summary>
    internal static string? HasRouterAlert(WireMessage message)
    {
        var options = message.Options;
        while (!options.IsEmpty && options[0] != 0)
        {
            if (options.StartsWith(RouterAlert))
                return null;
            if (options[0] != 1 && (options.Length < 2 || options[1] < 2 || options[1] > options.Length))
                break;
            options = options[(options[0] == 1 ? 1 : options[1])..];
        }

        return message.Options.IsEmpty ? "no options" : $"the options {Convert.ToHexString(message.Options)}";
    }

    /// <summary>The Ethernet destination that is made of the low 23 bits of the IP destination (RFC 1112 §6.4).</summary>
    internal static string? EthernetDestination(WireMessage message) =>
        message.EthernetDestination == new MacAddress(0x01_00_5E_00_00_00UL | (message.Destination.V4Bits & 0x7F_FFFF))
            ? null
            : $"{message.EthernetDestination}";

    /// <summary>The checksum over the whole message.</summary>
    internal static string? Checksum(WireMessage message) =>
        WireMessage.Sum(message.Body) == AllOnes ? null : $"the checksum 0x{message.Word(2):X4}";

    /// <summary>A checksum of zero, in a message whose other words sum up to all ones.</summary>
    internal static string? ChecksumOfZero(WireMessage message) => message.Word(2) == 0 ? null : $"the checksum 0x{message.Word(2):X4}";
}
