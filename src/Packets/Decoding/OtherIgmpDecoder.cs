using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Decoding;

/// <summary>
/// The protocols other than the membership protocol that IGMP's number carries: each message begins with type, code and checksum. They are
/// named; a host or router of IGMPv3 ignores them (RFC 9776 §4), which is no fault of theirs.
/// </summary>
internal static class OtherIgmpDecoder
{
    private const int HeaderLength = 4;

    public static void Decode(Portion part, FrameBuilder builder)
    {
        builder.Protocol = "IGMP";
        var message = part.Bytes;
        var type = message[0];
        var layer = new LayerBuilder(part.Offset);
        if (!builder.Holds(part, HeaderLength, PacketError.IgmpTooShort))
        {
            layer.Hex("igmp.type", "Type", 0, 1, type);
            layer.Bytes("igmp.data", "Data", 1, message[1..]);
        }
        else
        {
            if (!part.IsCut && !InternetChecksum.IsValid(message))
                builder.Fail(PacketError.IgmpChecksum);
            var name = Name(type, message[CodeAt]);
            if (name is null)
                builder.Stop("IGMP", $"IGMP type 0x{type:x2}", $"type 0x{type:x2} (unknown)", part);
            else
                builder.Info = $"{name}  type 0x{type:x2}, code {message[CodeAt]}, {part.Length} bytes";
            layer.Hex("igmp.type", "Type", 0, 1, type, $" ({name ?? "unknown"})");
            layer.Number("igmp.code", "Code", CodeAt, 1, message[CodeAt]);
            IgmpDecoder.Checksum(part, layer);
            layer.Bytes("igmp.data", "Data", HeaderLength, message[HeaderLength..]);
        }

        builder.Add(layer.ToLayer("igmp", "Internet Group Management Protocol", message.Length));
    }

    // IANA, Internet Group Management Protocol (IGMP) Type Numbers.
    private static string? Name(byte type, byte code) => type switch
    {
        0x13 => "DVMRP " + DvmrpName(code),
        0x14 => "PIMv1 " + PimName(code),
        0x15 => "Cisco Trace",
        0x1E => "Multicast Traceroute Response",
        0x1F => "Multicast Traceroute",
        0x30 => "Multicast Router Advertisement",
        0x31 => "Multicast Router Solicitation",
        0x32 => "Multicast Router Termination",
        0x40 => "IGAP Membership Report",
        0x41 => "IGAP Membership Query",
        0x42 => "IGAP Leave Group",
        >= 0xF0 and < 0xFC => "Experiment",
        0xFC => "RGMP Leave Group",
        0xFD => "RGMP Join Group",
        0xFE => "RGMP Bye",
        0xFF => "RGMP Hello",
        >= 0x01 and < 0x09 => "IGMPv0 (RFC 988)",
        _ => null,
    };

    // draft-ietf-idmr-dvmrp-v3-11 §3.2.
    private static string DvmrpName(byte code) => code switch
    {
        1 => "Probe",
        2 => "Report",
        3 => "Ask Neighbors",
        4 => "Neighbors",
        5 => "Ask Neighbors 2",
        6 => "Neighbors 2",
        7 => "Prune",
        8 => "Graft",
        9 => "Graft Ack",
        _ => "message",
    };

    private static string PimName(byte code) => code switch
    {
        0 => "Query",
        1 => "Register",
        2 => "Register-Stop",
        3 => "Join/Prune",
        4 => "RP Reachability",
        5 => "Assert",
        6 => "Graft",
        7 => "Graft-Ack",
        8 => "Mode",
        _ => "message",
    };
}
