using System.Buffers.Binary;
using System.Text;

namespace MulticastLab.Linux.Netlink;

/// <summary>One attribute of a netlink message.</summary>
internal readonly ref struct NetlinkAttribute
{
    internal required ushort Type { get; init; }

    internal required ReadOnlySpan<byte> Value { get; init; }

    internal string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    internal uint Number => BinaryPrimitives.ReadUInt32LittleEndian(Value);

    internal long Count => BinaryPrimitives.ReadInt64LittleEndian(Value);
}

/// <summary>Goes through the attributes of a message; stops at the first that is longer than what is left.</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private const ushort TypeMask = 0x3FFF; // without the nested and byte-order flags
    private ReadOnlySpan<byte> rest = bytes;

    public NetlinkAttribute Current { get; private set; }

    public readonly NetlinkAttributes GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.Length < 4)
            return false;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (length < 4 || length > rest.Length)
            return false;
        Current = new NetlinkAttribute
        {
            Type = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & TypeMask),
            Value = rest[4..length],
        };
        rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        return true;
    }
}
