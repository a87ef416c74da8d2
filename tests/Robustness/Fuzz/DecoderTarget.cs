using System.Buffers;
using System.Text.Json;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Packets.Decoding;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// Every reader and decoder of packets: text, fields within the frame, JSON that is JSON, and what is accepted can be written again.
/// </summary>
internal sealed class DecoderTarget : IFuzzTarget
{
    private static readonly (LinkType LinkType, byte[] Header, byte[] Trailer)[] Links =
        [.. LinkFrames.Carriers.Select(row => (row.Data.Item2, Hex.Bytes(row.Data.Item3), Hex.Bytes(row.Data.Item4)))];

    private readonly Random random = new(9776);
    private readonly ArrayBufferWriter<byte> json = new();
    private readonly byte[] buffer = new byte[70_000];
    private int fed;

    public void Feed(FuzzInput input)
    {
        RoundTrip(input.Bytes!, Dialect.Igmp);
        RoundTrip(input.Bytes!, Dialect.Mld);
        var (linkType, header, trailer) = Links[fed++ % Links.Length];
        byte[] frame =
        [.. fed % 3 == 0 ? Blur.Apply(header, random) : header, .. fed % 5 == 0 ? Datagram(input.Bytes!) : input.Bytes!, .. trailer];
        var whole = Decode(frame, linkType, frame.Length);
        // What the capture cut off is never held against a frame.
        var cut = Decode(frame[..random.Next(frame.Length + 1)], linkType, frame.Length);
        Invariant.Holds(whole.Error != PacketError.None || cut.Error == PacketError.None, $"{whole} is {cut} when it is cut");
        Decode(frame, (LinkType)random.Next(300), frame.Length + random.Next(3));
    }

    public void Finish()
    {
    }

    // RFC 768, around what would be a packet.
    private static byte[] Datagram(byte[] payload) =>
        Packet.Written(buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Packet.Source, Packet.Destination), 1234, 5000, payload));

    private DecodedFrame Decode(byte[] frame, LinkType link, long length)
    {
        var decoded = FrameDecoder.Decode(frame, link, length);
        Invariant.Holds(decoded.ToString().Length > 0, $"there is no text");
        Invariant.Holds(decoded.IsCut == frame.Length < length, $"{frame.Length} of {length} bytes: {decoded}");
        foreach (var field in decoded.Layers.SelectMany(layer => layer.Children))
            Invariant.Holds(
                field.Offset >= 0 && field.Offset + field.Length <= frame.Length,
                $"{field.Name} lies at {field.Offset}+{field.Length} of {frame.Length} bytes");
        json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(json))
            FrameJson.Write(writer, decoded);
        using var document = JsonDocument.Parse(json.WrittenMemory);
        Invariant.Holds(document.RootElement.ValueKind == JsonValueKind.Object, $"the JSON is {document.RootElement.ValueKind}");
        return decoded;
    }

    // RFC 9776 §4.1, §4.2, RFC 9777 §5.1, §5.2: what was taken means the same when it is written again.
    private void RoundTrip(byte[] packet, Dialect dialect)
    {
        if (dialect.TryRead(packet, out var read) != PacketError.None)
            return;
        if (read.Kind == MessageKind.Report)
        {
            var content = read.Report.ToContent();
            var length = dialect.Write(buffer, new SendReport(content, read.Envelope.Destination), read.Envelope.Source);
            Invariant.Holds(
                dialect.TryRead(buffer.AsSpan(0, length), out var again) == PacketError.None, $"the report cannot be read again");
            var copy = again.Report.ToContent();
            Invariant.Holds(Same(content.Records, copy.Records), $"the report reads differently when written again");
        }
        else if (read.Kind == MessageKind.Query && read.Query.Generation == Generation.Sources)
        {
            var content = read.Query.ToContent();
            var length = dialect.Write(buffer, new SendQuery(content, read.Envelope.Destination), read.Envelope.Source);
            Invariant.Holds(
                dialect.TryRead(buffer.AsSpan(0, length), out var again) == PacketError.None, $"the query cannot be read again");
            var copy = again.Query.ToContent();
            Invariant.Holds(
                content with { Sources = [] } == copy with { Sources = [] } || content.Sources.SequenceEqual(copy.Sources),
                $"{content} reads as {copy} when written again");
        }
    }

    private static bool Same(IReadOnlyList<RecordContent> one, IReadOnlyList<RecordContent> other) =>
        one.Count == other.Count
        && one.Zip(other)
            .All(pair =>
                pair.First.Type == pair.Second.Type
                && pair.First.Group == pair.Second.Group
                && pair.First.Sources.SequenceEqual(pair.Second.Sources));
}
