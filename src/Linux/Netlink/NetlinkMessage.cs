using System.Buffers.Binary;

namespace MulticastLab.Linux.Netlink;

/// <summary>One netlink message: what its header (struct nlmsghdr) says, and what follows it.</summary>
internal readonly ref struct NetlinkMessage
{
    /// <summary>NLMSG_ERROR: an acknowledgement, or a refusal when its number is not 0.</summary>
    public const ushort ErrorType = 2;

    /// <summary>NLMSG_DONE: the end of a dump.</summary>
    public const ushort DoneType = 3;

    /// <summary>NLM_F_DUMP_INTR: the list changed while it was read.</summary>
    public const ushort Interrupted = 0x10;

    public required ushort Type { get; init; }

    public required ushort Flags { get; init; }

    public required uint Sequence { get; init; }

    public required ReadOnlySpan<byte> Body { get; init; }

    /// <summary>The error number of a message of <see cref="ErrorType"/>; 0 acknowledges.</summary>
    public int Error => -BinaryPrimitives.ReadInt32LittleEndian(Body);

    /// <summary>The kernel's own words on a refusal (extended acknowledgement); empty when it gave none.</summary>
    public string ErrorText()
    {
        const int RefusedHeader = 20; // the error number and the header of the refused request come first
        const ushort Text = 1; // NLMSGERR_ATTR_MSG
        if (Body.Length < RefusedHeader)
            return "";
        foreach (var attribute in new NetlinkAttributes(Body[RefusedHeader..]))
        {
            if (attribute.Type == Text)
                return attribute.Text;
        }

        return "";
    }
}

/// <summary>Goes through the messages of a datagram; stops at the first that is longer than what is left.</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> bytes)
{
    private const int HeaderLength = 16; // struct nlmsghdr
    private ReadOnlySpan<byte> rest = bytes;

    public NetlinkMessage Current { get; private set; }

    public readonly NetlinkMessages GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.Length < HeaderLength)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < HeaderLength || length > rest.Length)
            return false;
        Current = new NetlinkMessage
        {
            Type = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]),
            Flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]),
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]),
            Body = rest[HeaderLength..length],
        };
        rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        return true;
    }
}
