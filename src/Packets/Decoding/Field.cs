namespace MulticastLab.Packets.Decoding;

/// <summary>One field of a decoded frame, named as in Wireshark, so that readers can switch between the two.</summary>
public sealed record Field
{
    /// <summary>Wireshark's name, such as <c>igmp.qrv</c>; of a layer the protocol's, such as <c>igmp</c>.</summary>
    /// <remarks>Group records and IP options have no name there; here they are <c>igmp.record</c> and <c>ip.opt</c>.</remarks>
    public required string Name { get; init; }

    /// <summary>The field for people: "Max Resp Time: 10 s (0x64)".</summary>
    public required string Label { get; init; }

    /// <summary>What the value is.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>
    /// The value as Wireshark writes it: <c>0x11</c>, <c>100</c>, <c>239.1.1.1</c>, of a flag <c>0</c> or <c>1</c>; empty in a group.
    /// </summary>
    public string Value { get; init; } = "";

    /// <summary>The offset of its bytes in the frame.</summary>
    public required int Offset { get; init; }

    /// <summary>How many bytes it has; 0 when it follows from others.</summary>
    public required int Length { get; init; }

    /// <summary>Whether there may be several side by side.</summary>
    public bool Repeats { get; init; }

    /// <summary>The fields that it consists of.</summary>
    public IReadOnlyList<Field> Children { get; init; } = [];
}

/// <summary>The kinds of <see cref="Field"/>.</summary>
public enum FieldKind
{
    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>0 or 1.</summary>
    Flag,

    /// <summary>Anything else: an address, a hexadecimal number, bytes.</summary>
    Text,

    /// <summary>No value, only children: a layer, a group record, an IP option.</summary>
    Group,
}
