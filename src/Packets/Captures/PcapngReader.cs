using static MulticastLab.Packets.Captures.PcapngFormat;

namespace MulticastLab.Packets.Captures;

/// <summary>
/// Reads pcapng, <see cref="PcapngFormat"/>. Options that it does not know are skipped, and so are blocks that have no packets: names,
/// statistics, keys. Of other blocks that it does not know the type is noted. As long as the lengths of the blocks are right, what is wrong
/// within one does not keep the next from being read.
/// </summary>
internal sealed class PcapngReader : CaptureReader
{
    // A malicious file may have one every few bytes.
    private const int MostNotices = 1000;

    private readonly List<CaptureInterface> interfaces = [];
    private readonly List<string> sectionComments = [];
    private readonly List<CaptureNotice> notices = [];
    private readonly HashSet<uint> unknownTypes = [];

    // Of the present section, whose packets count interfaces from 0.
    private readonly List<(CaptureInterface Interface, uint SnapLength, PcapngTimestamps Timestamps)> sectionInterfaces = [];
    private EndianReader endian;

    /// <summary>Continues after the first four bytes, which are a section header's.</summary>
    public PcapngReader(Stream stream, CaptureStream input, bool leaveOpen)
        : base(stream, input, leaveOpen) => ReadSectionHeader(0);

    public override CaptureFormat Format => CaptureFormat.Pcapng;

    public override ByteOrder ByteOrder => endian.ByteOrder;

    public override IReadOnlyList<CaptureInterface> Interfaces => interfaces;

    public override IReadOnlyList<string> SectionComments => sectionComments;

    public override IReadOnlyList<CaptureNotice> Notices => notices;

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
                case EnhancedPacket or Packet:
                    return ReadPacket(start, isOld: type == Packet);
                case SimplePacket:
                    return ReadSimplePacket(start);
                case NameResolution or InterfaceStatistics or DecryptionSecrets:
                    SkipBlock(start);
                    break;
                default:
                    SkipBlock(start);
                    NoteUnknown(type, start);
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
            throw Input.Wrong(CaptureError.ByteOrderMagic, start + 8, $"The byte-order magic of a section is 0x{magic:x8}");

        var length = CheckLength(endian.U32(lengthAndMagic), SectionHeaderBody, start);
        var body = ReadRest(length, alreadyRead: 12, start);
        var major = endian.U16(body);
        if (major != Major)
            throw Input.Wrong(CaptureError.UnsupportedVersion, start + 12, $"This is pcapng version {major}, not 1");

        sectionInterfaces.Clear();
        var at = start + 8 + SectionHeaderBody;
        var found = new List<CaptureNotice>();
        var options = new PcapngOptions(body[(SectionHeaderBody - 4)..], endian, at, Input, found);
        while (options.MoveNext())
        {
            if (options.Code == Comment)
                sectionComments.Add(options.Text);
        }

        Note(found);
    }

    private void ReadInterfaceDescription(long start)
    {
        var body = ReadBody(InterfaceDescriptionBody, start);
        string? name = null;
        string? description = null;
        var timestamps = PcapngTimestamps.Default;
        var found = new List<CaptureNotice>();
        var options = new PcapngOptions(body[InterfaceDescriptionBody..], endian, start + 8 + InterfaceDescriptionBody, Input, found);
        while (options.MoveNext())
        {
            switch (options.Code)
            {
                case InterfaceName:
                    name = options.Text;
                    break;
                case InterfaceDescriptionText:
                    description = options.Text;
                    break;
                case TimestampResolution when options.Has(1, out var resolution):
                    timestamps = timestamps with { Resolution = resolution[0] };
                    break;
                case TimestampOffset when options.Has(8, out var seconds):
                    timestamps = timestamps with { OffsetSeconds = endian.I64(seconds) };
                    break;
            }
        }

        Note(found);

        var described = new CaptureInterface(interfaces.Count, (LinkType)endian.U16(body), name, description);
        interfaces.Add(described);
        sectionInterfaces.Add((described, endian.U32(body[4..]), timestamps));
    }

    // The Enhanced Packet Block and the Packet Block that came before it differ in their first four bytes.
    private CapturedPacket ReadPacket(long start, bool isOld)
    {
        var body = ReadBody(EnhancedPacketBody, start);
        var found = new List<CaptureNotice>();
        var (described, _, timestamps) = Interface(isOld ? endian.U16(body) : endian.U32(body), start, found);
        var drops = isOld ? endian.U16(body[2..]) : DropsNotTold;
        ulong? dropped = drops == DropsNotTold ? null : drops;
        var stamp = ((ulong)endian.U32(body[4..]) << 32) | endian.U32(body[8..]);
        // Without a description of the interface its unit is unknown.
        var at = described == CaptureInterface.Undescribed ? null : timestamps.ToInstant(stamp);
        if (at is null && described != CaptureInterface.Undescribed)
            found.Add(Input.Notice(CaptureError.Timestamp, start + 12, $"The time stamp {stamp} lies outside the years 1678 to 2262"));
        var data = PacketData(body[EnhancedPacketBody..], endian.U32(body[12..]), start + 20, found, out var optionsAt);

        var comments = new List<string>();
        var direction = PacketDirection.Unknown;
        var options = new PcapngOptions(
            body[(EnhancedPacketBody + optionsAt)..], endian, start + 8 + EnhancedPacketBody + optionsAt, Input, found);
        while (options.MoveNext())
        {
            switch (options.Code)
            {
                case Comment:
                    comments.Add(options.Text);
                    break;
                case PacketFlags when options.Has(4, out var flags):
                    direction = Direction(endian.U32(flags));
                    break;
                case PacketDrops when !isOld && options.Has(8, out var count):
                    dropped = endian.U64(count);
                    break;
            }
        }

        return new CapturedPacket(described, at ?? Instant.Epoch, data.ToArray())
        {
            HasTimestamp = at is not null,
            OriginalLength = endian.U32(body[16..]),
            Comments = comments,
            Direction = direction,
            Dropped = dropped,
            Notices = found,
        };
    }

    private CapturedPacket ReadSimplePacket(long start)
    {
        var body = ReadBody(SimplePacketBody, start);
        var found = new List<CaptureNotice>();
        var (described, snapLength, _) = Interface(0, start, found);
        var originalLength = endian.U32(body);
        // It does not say how much was captured: the interface's snapshot length does, where 0 means no limit.
        var length = snapLength == 0 ? originalLength : Math.Min(originalLength, snapLength);
        var data = PacketData(body[SimplePacketBody..], length, start + 8, found, out _);
        return new CapturedPacket(described, Instant.Epoch, data.ToArray())
        {
            HasTimestamp = false,
            OriginalLength = originalLength,
            Notices = found,
        };
    }

    private (CaptureInterface Interface, uint SnapLength, PcapngTimestamps Timestamps) Interface(
        uint id, long start, List<CaptureNotice> found)
    {
        if (id < sectionInterfaces.Count)
            return sectionInterfaces[(int)id];
        found.Add(
            Input.Notice(CaptureError.UnknownInterface, start, $"A packet is of interface {id}; {sectionInterfaces.Count} are described"));
        return (CaptureInterface.Undescribed, 0, PcapngTimestamps.Default);
    }

    /// <summary>The bytes of a packet, as many of the claimed ones as there are, and where its options begin after them.</summary>
    private ReadOnlySpan<byte> PacketData(ReadOnlySpan<byte> rest, uint length, long at, List<CaptureNotice> found, out int optionsAt)
    {
        if (length <= rest.Length && Padded((int)length) <= rest.Length)
        {
            optionsAt = Padded((int)length);
            if (length <= MaxPacketLength)
                return rest[..(int)length];
            found.Add(Input.Notice(CaptureError.TooLong, at, $"A packet claims {length} bytes; the first {MaxPacketLength} are taken"));
            return rest[..MaxPacketLength];
        }

        // Where its options begin is unknown.
        optionsAt = rest.Length;
        found.Add(length > MaxPacketLength
            ? Input.Notice(CaptureError.TooLong, at, $"A packet claims {length} bytes, and its block has {rest.Length}")
            : Input.Notice(CaptureError.PacketLength, at, $"A packet of {length} bytes does not fit into the {rest.Length} of its block"));
        return rest[..(int)Math.Min(Math.Min(length, rest.Length), MaxPacketLength)];
    }

    private void NoteUnknown(uint type, long start)
    {
        if (notices.Count <= MostNotices && unknownTypes.Add(type))
            Note([
                Input.Notice(
                    CaptureError.UnknownBlock, start,
                    $"Blocks of type {type} (0x{type:x8}) are not understood and are skipped, with all that they hold"),
            ]);
    }

    private void Note(List<CaptureNotice> found)
    {
        foreach (var each in found)
        {
            if (notices.Count < MostNotices)
                notices.Add(each);
            else if (notices.Count == MostNotices)
                notices.Add(each with { Text = $"{each.Text}; further errors in blocks without packets are not reported" });
        }
    }

    private static PacketDirection Direction(uint flags) => (flags & 3) switch
    {
        1 => PacketDirection.Inbound,
        2 => PacketDirection.Outbound,
        _ => PacketDirection.Unknown,
    };

    private ReadOnlySpan<byte> ReadBody(int minimum, long start) =>
        ReadRest(CheckLength(endian.U32(Input.Read(4, "a block", start)), minimum, start), alreadyRead: 8, start);

    private int CheckLength(uint length, int minimumBody, long start)
    {
        if (length % 4 != 0 || length < Frame + minimumBody)
            throw Input.Wrong(CaptureError.BlockLength, start + 4, $"A block claims {length} bytes");
        if (length > MaxBlockLength)
            throw Input.Wrong(CaptureError.TooLong, start + 4, $"A block claims {length} bytes");
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
            throw Input.Wrong(CaptureError.BlockLength, start + 4, $"A block claims {length} bytes");
        Input.Skip(length - Frame, "a block", start);
        CheckTrailer(Input.Read(4, "a block", start), length, start);
    }

    private void CheckTrailer(ReadOnlySpan<byte> trailer, uint length, long start)
    {
        if (endian.U32(trailer) != length)
            throw Input.Wrong(
                CaptureError.BlockLengthMismatch, start,
                $"A block's length is {length} at its beginning, {endian.U32(trailer)} at its end");
    }
}
