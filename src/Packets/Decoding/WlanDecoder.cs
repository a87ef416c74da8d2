using System.Buffers.Binary;
using static MulticastLab.Packets.Decoding.WlanLayout;

namespace MulticastLab.Packets.Decoding;

/// <summary>IEEE 802.11 (§9): data frames to the packet that they carry, the others by name.</summary>
internal static class WlanDecoder
{
    private const string Name = "802.11";

    /// <param name="frame">The frame without its frame check sequence.</param>
    /// <param name="isPadded">Whether the header is padded to 4 bytes, as some radios do.</param>
    /// <param name="builder">The frame.</param>
    public static void Decode(Portion frame, bool isPadded, FrameBuilder builder)
    {
        builder.Protocol = Name;
        if (!builder.Holds(frame, FrameControlLength, PacketError.LinkTooShort))
            return;
        var (version, type, subtype) = (frame.Bytes[0] & 3, frame.Bytes[0] >> 2 & 3, frame.Bytes[0] >> 4);
        // The other versions have other headers.
        if (version != 0)
        {
            builder.Stop(Name, $"802.11 version {version}", $"version {version}", frame);
            return;
        }

        var layer = new LayerBuilder(frame.Offset);
        FrameControl(frame, layer);
        switch (type)
        {
            case Data:
                DataFrame(frame, subtype, isPadded, layer, builder);
                break;
            case Management:
                ManagementFrame(frame, subtype, layer, builder);
                break;
            case Control:
                ControlFrame(frame, subtype, layer, builder);
                break;
            default:
                builder.Add(layer.ToLayer("wlan", "IEEE 802.11", FrameControlLength));
                builder.Stop(
                    Name, $"802.11 type {type} subtype {subtype}", $"type {type} subtype {subtype}", frame.From(FrameControlLength));
                break;
        }
    }

    private static void DataFrame(Portion frame, int subtype, bool isPadded, LayerBuilder layer, FrameBuilder builder)
    {
        var flags = frame.Bytes[1];
        var isQos = (subtype & QosBit) != 0;
        var hasAddress4 = (flags & (ToDistribution | FromDistribution)) == (ToDistribution | FromDistribution);
        var qosAt = HeaderLength + (hasAddress4 ? AddressLength : 0);
        var htControlAt = qosAt + (isQos ? QosLength : 0);
        var length = htControlAt + (isQos && (flags & Order) != 0 ? HtControlLength : 0);
        if (!builder.Holds(frame, length, PacketError.LinkTooShort))
        {
            builder.Add(layer.ToLayer("wlan", "IEEE 802.11", FrameControlLength));
            return;
        }

        var qos = isQos ? BinaryPrimitives.ReadUInt16LittleEndian(frame.Bytes[qosAt..]) : 0;
        var isAggregate = (qos & AggregateBit) != 0;
        Duration(frame, layer);
        Receiver(frame, layer);
        Transmitter(frame, layer);
        var (destinationAt, sourceAt, accessPointAt) = (flags & (ToDistribution | FromDistribution)) switch
        {
            0 => (Address1At, Address2At, (int?)Address3At),
            ToDistribution => (Address3At, Address2At, Address1At),
            FromDistribution => (Address1At, Address3At, Address2At),
            _ => (Address3At, Address4At, null),
        };
        builder.Destination = MacAt(frame, destinationAt);
        builder.Source = MacAt(frame, sourceAt);
        if (!isAggregate)
        {
            layer.Text("wlan.da", "Destination", destinationAt, AddressLength, builder.Destination);
            layer.Text("wlan.sa", "Source", sourceAt, AddressLength, builder.Source);
        }

        if (accessPointAt is { } at)
            layer.Text("wlan.bssid", "BSS", at, AddressLength, MacAt(frame, at));
        var (sequence, fragment) = SequenceControl(frame, layer);
        if (isQos)
            QosControl(qos, qosAt, layer);
        if (length > htControlAt)
            layer.Hex(
                "wlan.htc", "HT Control", htControlAt, HtControlLength, BinaryPrimitives.ReadUInt32LittleEndian(frame.Bytes[htControlAt..]),
                digits: 8);
        builder.Add(layer.ToLayer("wlan", $"IEEE 802.11 data, {builder.Source} → {builder.Destination}", length));

        var body = frame.From(isPadded ? (length + 3) & ~3 : length);
        if ((subtype & NoDataBit) != 0)
            builder.Info = "no data";
        else if ((flags & Protected) != 0)
            builder.Stop(Name, "802.11 protected data", "protected data", body);
        else if (isAggregate)
            builder.Stop(Name, "802.11 aggregate (A-MSDU)", "aggregate (A-MSDU)", body);
        else if ((flags & MoreFragments) != 0 || fragment != 0)
            builder.Stop(Name, "802.11 fragment", $"fragment {fragment} of number {sequence}", body);
        else
            LlcDecoder.Decode(body, builder);
    }

    private static void ManagementFrame(Portion frame, int subtype, LayerBuilder layer, FrameBuilder builder)
    {
        builder.Info = ManagementName(subtype);
        if (!builder.Holds(frame, HeaderLength, PacketError.LinkTooShort))
        {
            builder.Add(layer.ToLayer("wlan", "IEEE 802.11 management", FrameControlLength));
            return;
        }

        Duration(frame, layer);
        Receiver(frame, layer);
        Transmitter(frame, layer);
        builder.Destination = MacAt(frame, Address1At);
        builder.Source = MacAt(frame, Address2At);
        layer.Text("wlan.da", "Destination", Address1At, AddressLength, builder.Destination);
        layer.Text("wlan.sa", "Source", Address2At, AddressLength, builder.Source);
        layer.Text("wlan.bssid", "BSS", Address3At, AddressLength, MacAt(frame, Address3At));
        SequenceControl(frame, layer);
        builder.Info += $"  {frame.Length - HeaderLength} bytes";
        builder.Add(layer.ToLayer("wlan", "IEEE 802.11 management", HeaderLength));
    }

    // The shorter ones name the receiver, some the transmitter as well.
    private static void ControlFrame(Portion frame, int subtype, LayerBuilder layer, FrameBuilder builder)
    {
        var (name, addresses) = subtype switch
        {
            8 => ("Block Ack Request", 2),
            9 => ("Block Ack", 2),
            11 => ("RTS", 2),
            12 => ("CTS", 1),
            13 => ("Ack", 1),
            10 => ("PS-Poll", 0),
            14 => ("CF-End", 0),
            15 => ("CF-End + CF-Ack", 0),
            _ => ($"control subtype {subtype}", 0),
        };
        builder.Info = $"{name}  {frame.Length} bytes";
        var length = addresses == 0 ? FrameControlLength : Address1At + (addresses * AddressLength);
        if (builder.Holds(frame, length, PacketError.LinkTooShort))
        {
            if (addresses > 0)
            {
                Duration(frame, layer);
                Receiver(frame, layer);
                builder.Destination = MacAt(frame, Address1At);
            }

            if (addresses > 1)
            {
                Transmitter(frame, layer);
                builder.Source = MacAt(frame, Address2At);
            }
        }

        builder.Add(layer.ToLayer("wlan", "IEEE 802.11 control", Math.Min(length, frame.Bytes.Length)));
    }

    private static void FrameControl(Portion frame, LayerBuilder layer)
    {
        var (first, flags) = (frame.Bytes[0], frame.Bytes[1]);
        var (type, subtype) = (first >> 2 & 3, first >> 4);
        layer.Hex("wlan.fc.type_subtype", "Type and Subtype", 0, 1, (uint)(type << 4 | subtype), digits: 4);
        layer.Hex("wlan.fc", "Frame Control", 0, FrameControlLength, frame.U16(0));
        var control = layer.Nested();
        control.Number("wlan.fc.version", "Version", 0, 1, first & 3);
        control.Number("wlan.fc.type", "Type", 0, 1, type);
        control.Number("wlan.fc.subtype", "Subtype", 0, 1, subtype);
        control.Hex("wlan.flags", "Flags", 1, 1, flags);
        var bits = layer.Nested();
        bits.Flag("wlan.fc.tods", "To DS", 1, 1, (flags & ToDistribution) != 0);
        bits.Flag("wlan.fc.fromds", "From DS", 1, 1, (flags & FromDistribution) != 0);
        bits.Flag("wlan.fc.frag", "More Fragments", 1, 1, (flags & MoreFragments) != 0);
        bits.Flag("wlan.fc.retry", "Retry", 1, 1, (flags & Retry) != 0);
        bits.Flag("wlan.fc.pwrmgt", "Power Management", 1, 1, (flags & PowerManagement) != 0);
        bits.Flag("wlan.fc.moredata", "More Data", 1, 1, (flags & MoreData) != 0);
        bits.Flag("wlan.fc.protected", "Protected", 1, 1, (flags & Protected) != 0);
        bits.Flag("wlan.fc.order", "Order", 1, 1, (flags & Order) != 0);
        control.Under(bits);
        layer.Under(control);
    }

    // With the highest bit it is something else.
    private static void Duration(Portion frame, LayerBuilder layer)
    {
        var duration = BinaryPrimitives.ReadUInt16LittleEndian(frame.Bytes[DurationAt..]);
        if (duration < 0x8000)
            layer.Number("wlan.duration", "Duration, µs", DurationAt, 2, duration);
    }

    private static void Receiver(Portion frame, LayerBuilder layer) =>
        layer.Text("wlan.ra", "Receiver", Address1At, AddressLength, MacAt(frame, Address1At));

    private static void Transmitter(Portion frame, LayerBuilder layer) =>
        layer.Text("wlan.ta", "Transmitter", Address2At, AddressLength, MacAt(frame, Address2At));

    private static (int Sequence, int Fragment) SequenceControl(Portion frame, LayerBuilder layer)
    {
        var control = BinaryPrimitives.ReadUInt16LittleEndian(frame.Bytes[SequenceControlAt..]);
        layer.Number("wlan.frag", "Fragment", SequenceControlAt, 2, control & 0xF);
        layer.Number("wlan.seq", "Sequence Number", SequenceControlAt, 2, control >> 4);
        return (control >> 4, control & 0xF);
    }

    private static void QosControl(int qos, int at, LayerBuilder layer)
    {
        layer.Hex("wlan.qos", "QoS Control", at, QosLength, (uint)qos);
        var parts = layer.Nested();
        parts.Number("wlan.qos.tid", "Traffic Identifier", at, QosLength, qos & TrafficIdentifierBits);
        layer.Under(parts);
    }

    private static string MacAt(Portion frame, int at) => MacAddress.Read(frame.Bytes[at..]).ToString();

    private static string ManagementName(int subtype) => subtype switch
    {
        0 => "Association Request",
        1 => "Association Response",
        2 => "Reassociation Request",
        3 => "Reassociation Response",
        4 => "Probe Request",
        5 => "Probe Response",
        8 => "Beacon",
        9 => "ATIM",
        10 => "Disassociation",
        11 => "Authentication",
        12 => "Deauthentication",
        13 => "Action",
        _ => $"management subtype {subtype}",
    };
}
