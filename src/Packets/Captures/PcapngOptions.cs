using System.Text;
using static MulticastLab.Packets.Captures.PcapngFormat;

namespace MulticastLab.Packets.Captures;

/// <summary>Iterates over the options of a block, to their end or to the first that reaches beyond the block, which is noted.</summary>
/// <param name="bytes">The option bytes of the block.</param>
/// <param name="endian">The section's byte order.</param>
/// <param name="offset">Where they begin in the file.</param>
/// <param name="input">The file, for the notices.</param>
/// <param name="notices">Where notices go.</param>
internal ref struct PcapngOptions(
    ReadOnlySpan<byte> bytes, EndianReader endian, long offset, CaptureStream input, List<CaptureNotice> notices)
{
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> rest = bytes;
    private long at = offset;
    private ReadOnlySpan<byte> value;

    /// <summary>The code of the present option.</summary>
    public ushort Code { get; private set; }

    /// <summary>The value of the present option as a text; some writers end it with a zero byte.</summary>
    public readonly string Text => Encoding.UTF8.GetString(value).TrimEnd('\0');

    /// <summary>Goes to the next option.</summary>
    public bool MoveNext()
    {
        // The end may be marked by an option or by the block's end.
        if (rest.Length == 0)
            return false;
        if (rest.Length < HeaderLength)
            return End("An option is cut off");
        Code = endian.U16(rest);
        if (Code == EndOfOptions)
            return false;
        var length = endian.U16(rest[2..]);
        if (HeaderLength + Padded(length) > rest.Length)
            return End($"Option {Code} of {length} bytes reaches beyond its block");
        value = rest.Slice(HeaderLength, length);
        rest = rest[(HeaderLength + Padded(length))..];
        at += HeaderLength + Padded(length);
        return true;
    }

    /// <summary>The value of the present option when it has so many bytes; another length is noted.</summary>
    public readonly bool Has(int length, out ReadOnlySpan<byte> found)
    {
        found = value;
        if (value.Length == length)
            return true;
        var start = at - HeaderLength - Padded(value.Length);
        notices.Add(input.Notice(CaptureError.Options, start, $"Option {Code} has {value.Length} bytes, not {length}"));
        return false;
    }

    private bool End(string why)
    {
        notices.Add(input.Notice(CaptureError.Options, at, why));
        rest = [];
        return false;
    }
}
