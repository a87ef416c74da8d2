using System.Buffers.Binary;

namespace MulticastLab.Packets.Captures;

/// <summary>Reads the classic format, <see cref="PcapFormat"/>.</summary>
internal sealed class PcapReader : CaptureReader
{
    private readonly EndianReader endian;
    private readonly long fractionUnit;
    private readonly CaptureInterface only;

    private PcapReader(Stream stream, CaptureStream input, bool leaveOpen, ByteOrder byteOrder, long fractionUnit)
        : base(stream, input, leaveOpen)
    {
        endian = new EndianReader(byteOrder);
        this.fractionUnit = fractionUnit;
        var rest = input.Read(PcapFormat.HeaderLength - 4, "the file header", 0);
        var major = endian.U16(rest);
        if (major != PcapFormat.Major)
            throw input.Wrong(CaptureError.UnsupportedVersion, 4, $"This is pcap version {major}, not 2");
        // Above the link type there are bits about a frame check sequence.
        only = new CaptureInterface(0, (LinkType)endian.U32(rest[16..]), Name: null, Description: null);
        Interfaces = [only];
    }

    /// <summary>Continues after the magic number; null when it is another format's.</summary>
    public static PcapReader? TryOpen(uint magic, Stream stream, CaptureStream input, bool leaveOpen) => magic switch
    {
        PcapFormat.Microseconds => new(stream, input, leaveOpen, ByteOrder.BigEndian, 1000),
        PcapFormat.Nanoseconds => new(stream, input, leaveOpen, ByteOrder.BigEndian, 1),
        _ => BinaryPrimitives.ReverseEndianness(magic) switch
        {
            PcapFormat.Microseconds => new(stream, input, leaveOpen, ByteOrder.LittleEndian, 1000),
            PcapFormat.Nanoseconds => new(stream, input, leaveOpen, ByteOrder.LittleEndian, 1),
            _ => null,
        },
    };

    public override CaptureFormat Format => CaptureFormat.Pcap;

    public override ByteOrder ByteOrder => endian.ByteOrder;

    public override IReadOnlyList<CaptureInterface> Interfaces { get; }

    public override IReadOnlyList<string> SectionComments => [];

    public override IReadOnlyList<CaptureNotice> Notices => [];

    public override CapturedPacket? Read()
    {
        var start = Input.Offset;
        if (!Input.TryRead(PcapFormat.PacketHeaderLength, "a packet header", start, out var header))
            return null;
        // 32 bits of seconds and 32 of fractions: far from the end of Instant.
        var at = new Instant((endian.U32(header) * 1_000_000_000L) + (endian.U32(header[4..]) * fractionUnit));
        var length = endian.U32(header[8..]);
        var originalLength = endian.U32(header[12..]);
        if (length > MaxPacketLength)
            throw Input.Wrong(CaptureError.TooLong, start + 8, $"A packet claims {length} bytes");
        var data = Input.Read((int)length, "a packet", start);
        return new CapturedPacket(only, at, data.ToArray()) { OriginalLength = originalLength };
    }
}
