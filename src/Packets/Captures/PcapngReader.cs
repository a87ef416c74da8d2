using System.Text;
using static MulticastLab.Packets.Captures.PcapngFormat;

namespace MulticastLab.Packets.Captures;

/// <summary>Reads pcapng, <see cref="PcapngFormat"/>. Blocks and options that it does not know are skipped.</summary>
internal sealed class PcapngReader : CaptureReader
{
    private readonly List<CaptureInterface> interfaces = [];
    private readonly List<string> sectionComments = [];

    // Of the present section, whose packets count interfaces from 0.
    private readonly List<(CaptureInterface Interface, uint SnapLength, PcapngTimestamps Timestamps)> sectionInterfaces = [];
    private EndianReader endian;

    /// <summary>Goes on after the first four bytes, which are a section header's.</summary>
    public PcapngReader(Stream stream, CaptureStream input, bool leaveOpen)
        : base(stream, input, leaveOpen) => ReadSectionHeader(0);

    public override CaptureFormat Format => CaptureFormat.Pcapng;

    public override ByteOrder ByteOrder => endian.ByteOrder;

    public override IReadOnlyList<CaptureInterface> Interfaces => interfaces;

    public override IReadOnlyList<string> SectionComments => sectionComments;

    public override CapturedPacket? Read()
    {
        while (true)
        {
            var start = Input.Offset;
            if (!Input.TryRead(4, "a block type", start, out var bytes))
                return null;
            var type = endian.U32(bytes);
            switch (type)
            {
                case SectionHeader:
                    ReadSectionHeader(start);
                    break;
                case InterfaceDescription:
                    ReadInterfaceDescription(start);
                    break;
                case EnhancedPacket:
                    return ReadEnhancedPacket(start);
                case SimplePacket:
                    return ReadSimplePacket(start);
                default:
                    SkipBlock(start);
                    break;
            }
        }
    }

    private void ReadSectionHeader(long start)
    {
        var lengthAndMagic = Input.Read(8, "a section header", start);
        endian = new EndianReader(ByteOrder.LittleEndian);
        if (endian.U32(lengthAndMagic[4..]) != ByteOrderMagic)
            endian = new EndianReader(ByteOrder.BigEndian);
        var magic = endian.U32(lengthAndMagic[4..]);
        if (magic != ByteOrderMagic)
            throw new CaptureException(CaptureError.ByteOrderMagic, start + 8, $"The byte-order magic of a section is 0x{magic:x8}");

        var length = CheckLength(endian.U32(lengthAndMagic), SectionHeaderBody, start);
        var body = ReadRest(length, alreadyRead: 12, start);
        var major = endian.U16(body);
        if (major != Major)
            throw new CaptureException(CaptureError.UnsupportedVersion, start + 12, $"This is pcapng version {major}, not 1");

        sectionInterfaces.Clear();
        var at = start + 8 + SectionHeaderBody;
        foreach (var option in new OptionList(body[(SectionHeaderBody - 4)..], endian, at))
        {
            if (option.Code == Comment)
                sectionComments.Add(option.Text);
        }
    }

    private void ReadInterfaceDescription(long start)
    {
        var body = ReadBody(InterfaceDescriptionBody, start);
        string? name = null;
        string? description = null;
        var timestamps = PcapngTimestamps.Default;
        foreach (var option in new OptionList(body[InterfaceDescriptionBody..], endian, start + 8 + InterfaceDescriptionBody))
        {
            switch (option.Code)
            {
                case InterfaceName:
                    name = option.Text;
                    break;
                case InterfaceDescriptionText:
                    description = option.Text;
                    break;
                case TimestampResolution:
                    timestamps = timestamps with { Resolution = option.Exactly(1)[0] };
                    break;
                case TimestampOffset:
                    timestamps = timestamps with { OffsetSeconds = endian.I64(option.Exactly(8)) };
                    break;
            }
        }

        var described = new CaptureInterface(interfaces.Count, (LinkType)endian.U16(body), name, description);
        interfaces.Add(described);
        sectionInterfaces.Add((described, endian.U32(body[4..]), timestamps));
    }

    private CapturedPacket ReadEnhancedPacket(long start)
    {
        var body = ReadBody(EnhancedPacketBody, start);
        var (described, _, timestamps) = Interface(endian.U32(body), start);
        var stamp = ((ulong)endian.U32(body[4..]) << 32) | endian.U32(body[8..]);
        var at = timestamps.ToInstant(stamp)
            ?? throw new CaptureException(CaptureError.Timestamp, start + 12, $"The time stamp {stamp} is out of range");
        var length = endian.U32(body[12..]);
        var originalLength = endian.U32(body[16..]);
        var data = PacketData(body[EnhancedPacketBody..], length, start + 20);

        var optionsAt = EnhancedPacketBody + Padded(data.Length);
        var comments = new List<string>();
        var direction = PacketDirection.Unknown;
        foreach (var option in new OptionList(body[optionsAt..], endian, start + 8 + optionsAt))
        {
            if (option.Code == Comment)
                comments.Add(option.Text);
            else if (option.Code == PacketFlags)
                direction = Direction(endian.U32(option.Exactly(4)));
        }

        return new CapturedPacket(described, at, data.ToArray()) { OriginalLength = originalLength, Comments = comments, Direction = direction };
    }

    private CapturedPacket ReadSimplePacket(long start)
    {
        var body = ReadBody(SimplePacketBody, start);
        var (described, snapLength, _) = Interface(0, start);
        var originalLength = endian.U32(body);
        // It does not say how much was kept: the interface's snapshot length does, where 0 is no limit.
        var length = snapLength == 0 ? originalLength : Math.Min(originalLength, snapLength);
        var data = PacketData(body[SimplePacketBody..], length, start + 8);
        return new CapturedPacket(described, Instant.Epoch, data.ToArray()) { OriginalLength = originalLength };
    }

    private (CaptureInterface Interface, uint SnapLength, PcapngTimestamps Timestamps) Interface(uint id, long start) =>
        id < sectionInterfaces.Count
            ? sectionInterfaces[(int)id]
            : throw new CaptureException(CaptureError.UnknownInterface, start, $"A packet is of interface {id}; {sectionInterfaces.Count} are described");

    private static ReadOnlySpan<byte> PacketData(ReadOnlySpan<byte> rest, uint length, long at)
    {
        if (length > MaxPacketLength)
            throw new CaptureException(CaptureError.TooLong, at, $"A packet claims {length} bytes");
        if (Padded((int)length) > rest.Length)
            throw new CaptureException(CaptureError.PacketLength, at, $"A packet of {length} bytes does not fit into the {rest.Length} of its block");
        return rest[..(int)length];
    }

    private static PacketDirection Direction(uint flags) => (flags & 3) switch
    {
        1 => PacketDirection.Inbound,
        2 => PacketDirection.Outbound,
        _ => PacketDirection.Unknown,
    };

    private ReadOnlySpan<byte> ReadBody(int minimum, long start) =>
        ReadRest(CheckLength(endian.U32(Input.Read(4, "a block", start)), minimum, start), alreadyRead: 8, start);

    private static int CheckLength(uint length, int minimumBody, long start)
    {
        if (length % 4 != 0 || length < Frame + minimumBody)
            throw new CaptureException(CaptureError.BlockLength, start + 4, $"A block claims {length} bytes");
        if (length > MaxBlockLength)
            throw new CaptureException(CaptureError.TooLong, start + 4, $"A block claims {length} bytes");
        return (int)length;
    }

    // What is left of the body; the length at the end is checked and cut off.
    private ReadOnlySpan<byte> ReadRest(int length, int alreadyRead, long start)
    {
        var rest = Input.Read(length - alreadyRead, "a block", start);
        CheckTrailer(rest[^4..], (uint)length, start);
        return rest[..^4];
    }

    private void SkipBlock(long start)
    {
        var length = endian.U32(Input.Read(4, "a block", start));
        if (length % 4 != 0 || length < Frame)
            throw new CaptureException(CaptureError.BlockLength, start + 4, $"A block claims {length} bytes");
        Input.Skip(length - Frame, "a block", start);
        CheckTrailer(Input.Read(4, "a block", start), length, start);
    }

    private void CheckTrailer(ReadOnlySpan<byte> trailer, uint length, long start)
    {
        if (endian.U32(trailer) != length)
            throw new CaptureException(CaptureError.BlockLengthMismatch, start, $"A block's length is {length} at its beginning, {endian.U32(trailer)} at its end");
    }

    /// <summary>Walks the options of a block.</summary>
    private ref struct OptionList(ReadOnlySpan<byte> bytes, EndianReader endian, long offset)
    {
        private ReadOnlySpan<byte> rest = bytes;
        private long at = offset;

        public Option Current { get; private set; }

        public readonly OptionList GetEnumerator() => this;

        public bool MoveNext()
        {
            // The end may be marked by an option or by the block's end.
            if (rest.Length == 0)
                return false;
            if (rest.Length < 4)
                throw new CaptureException(CaptureError.Options, at, "An option is cut off");
            var code = endian.U16(rest);
            if (code == EndOfOptions)
                return false;
            var length = endian.U16(rest[2..]);
            if (4 + Padded(length) > rest.Length)
                throw new CaptureException(CaptureError.Options, at, $"Option {code} of {length} bytes reaches beyond its block");
            Current = new Option(code, rest.Slice(4, length), at);
            rest = rest[(4 + Padded(length))..];
            at += 4 + Padded(length);
            return true;
        }
    }

    private readonly ref struct Option(ushort code, ReadOnlySpan<byte> value, long at)
    {
        private readonly ReadOnlySpan<byte> value = value;

        public ushort Code => code;

        // Some writers end a text with a zero byte.
        public string Text => Encoding.UTF8.GetString(value).TrimEnd('\0');

        public ReadOnlySpan<byte> Exactly(int length) => value.Length == length
            ? value
            : throw new CaptureException(CaptureError.Options, at, $"Option {code} has {value.Length} bytes, not {length}");
    }
}
