using System.Runtime.InteropServices;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// One instruction of the kernel's classic packet filter: struct sock_filter. It has an accumulator and an index register.
/// </summary>
/// <param name="Code">Class, size and mode.</param>
/// <param name="JumpTrue">How many instructions to skip when the comparison holds.</param>
/// <param name="JumpFalse">How many instructions to skip when it does not.</param>
/// <param name="Operand">The constant or offset.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand)
{
    /// <summary>Added to an offset that is counted from the network header: SKF_NET_OFF.</summary>
    public const uint NetworkHeader = 0xFFF0_0000;

    /// <summary>The offset of the frame's protocol, the Ethernet type: SKF_AD_OFF + SKF_AD_PROTOCOL.</summary>
    public const uint LinkProtocol = 0xFFFF_F000;

    /// <summary>The offset of the interface's index: SKF_AD_OFF + SKF_AD_IFINDEX.</summary>
    public const uint InterfaceIndex = 0xFFFF_F008;

    /// <summary>More bytes than any packet has.</summary>
    public const uint WholePacket = 0x4_0000;

    /// <summary>Loads a byte of the packet. A packet that is too short is rejected.</summary>
    public static FilterInstruction LoadByte(uint offset) => new(0x30, 0, 0, offset); // BPF_LD | BPF_B | BPF_ABS

    /// <summary>Loads a 16-bit number of the packet.</summary>
    public static FilterInstruction LoadHalf(uint offset) => new(0x28, 0, 0, offset); // BPF_LD | BPF_H | BPF_ABS

    /// <summary>Loads a 32-bit number of the packet.</summary>
    public static FilterInstruction LoadWord(uint offset) => new(0x20, 0, 0, offset); // BPF_LD | BPF_W | BPF_ABS

    /// <summary>Loads a byte of the packet as many bytes after the offset as the index says.</summary>
    public static FilterInstruction LoadByteAtIndex(uint offset) => new(0x50, 0, 0, offset); // BPF_LD | BPF_B | BPF_IND

    /// <summary>Adds a number.</summary>
    public static FilterInstruction Add(uint number) => new(0x04, 0, 0, number); // BPF_ALU | BPF_ADD | BPF_K

    /// <summary>Shifts to the left.</summary>
    public static FilterInstruction ShiftLeft(uint bits) => new(0x64, 0, 0, bits); // BPF_ALU | BPF_LSH | BPF_K

    /// <summary>Copies the accumulator to the index.</summary>
    public static FilterInstruction ToIndex() => new(0x07, 0, 0, 0); // BPF_MISC | BPF_TAX

    /// <summary>Skips that many instructions.</summary>
    public static FilterInstruction Skip(int count) => new(0x05, 0, 0, (uint)count); // BPF_JMP | BPF_JA

    /// <summary>Skips instructions by whether the accumulator is this number.</summary>
    public static FilterInstruction IfEqual(uint number, int thenSkip, int elseSkip) => // BPF_JMP | BPF_JEQ | BPF_K
        new(0x15, checked((byte)thenSkip), checked((byte)elseSkip), number);

    /// <summary>Skips instructions by whether the accumulator is this number or greater.</summary>
    public static FilterInstruction IfAtLeast(uint number, int thenSkip, int elseSkip) => // BPF_JMP | BPF_JGE | BPF_K
        new(0x35, checked((byte)thenSkip), checked((byte)elseSkip), number);

    /// <summary>Returns: accepts that many bytes of the packet, 0 for none.</summary>
    public static FilterInstruction Take(uint bytes) => new(0x06, 0, 0, bytes); // BPF_RET | BPF_K
}
