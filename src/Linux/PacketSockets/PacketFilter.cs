using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>One instruction of the kernel's classic packet filter: struct sock_filter.</summary>
/// <param name="Code">Class, size and mode.</param>
/// <param name="JumpTrue">How many instructions to skip when the comparison holds.</param>
/// <param name="JumpFalse">How many instructions to skip when it does not.</param>
/// <param name="Operand">The constant or offset.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FilterInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

/// <summary>
/// A classic BPF program that picks packets in the kernel. Offsets are relative to the network header (SKF_NET_OFF), so that a program fits
/// sockets with and without link-layer header.
/// </summary>
public sealed class PacketFilter
{
    private const ushort LoadByte = 0x30; // BPF_LD | BPF_B | BPF_ABS
    private const ushort LoadHalf = 0x28; // BPF_LD | BPF_H | BPF_ABS
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const ushort ReturnConstant = 0x06; // BPF_RET | BPF_K
    private const uint NetworkHeader = 0xFFF0_0000; // SKF_NET_OFF
    private const uint LinkProtocol = 0xFFFF_F000; // SKF_AD_OFF + SKF_AD_PROTOCOL
    private const uint WholePacket = 0x4_0000;
    private const uint Ipv4EtherType = 0x0800;
    private const uint ProtocolField = 9;
    private const uint DestinationField = 16;
    private const uint Udp = 17;

    private readonly FilterInstruction[] program;

    /// <summary>A program of one's own.</summary>
    public PacketFilter(params FilterInstruction[] program) => this.program = (FilterInstruction[])program.Clone();

    /// <summary>No packet: for a socket that only sends, or only counts.</summary>
    public static PacketFilter Nothing { get; } = new(new FilterInstruction(ReturnConstant, 0, 0, 0));

    /// <summary>IPv4 packets that carry IGMP (protocol 2).</summary>
    public static PacketFilter Igmp { get; } = Ipv4(2);

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<FilterInstruction> Program => program;

    /// <summary>IPv4 packets of these protocols: 2 is IGMP, 17 is UDP.</summary>
    /// <param name="protocols">1 to 200 protocol numbers.</param>
    public static PacketFilter Ipv4(params ReadOnlySpan<byte> protocols)
    {
        if (protocols.Length is 0 or > 200)
            throw new ArgumentException("A filter takes 1 to 200 protocols.", nameof(protocols));
        var program = new FilterInstruction[protocols.Length + 5];
        program[0] = new FilterInstruction(LoadHalf, 0, 0, LinkProtocol);
        program[1] = new FilterInstruction(JumpIfEqual, 0, (byte)(protocols.Length + 1), Ipv4EtherType);
        program[2] = new FilterInstruction(LoadByte, 0, 0, NetworkHeader + ProtocolField);
        for (var i = 0; i < protocols.Length; i++)
            program[3 + i] = new FilterInstruction(JumpIfEqual, (byte)(protocols.Length - i), 0, protocols[i]);
        program[^2] = new FilterInstruction(ReturnConstant, 0, 0, 0);
        program[^1] = new FilterInstruction(ReturnConstant, 0, 0, WholePacket);
        return new PacketFilter(program);
    }

    /// <summary>IPv4 packets that carry UDP to this address, fragments included.</summary>
    public static PacketFilter UdpTo(Address destination) => new(
        new FilterInstruction(LoadHalf, 0, 0, LinkProtocol),
        new FilterInstruction(JumpIfEqual, 0, 5, Ipv4EtherType),
        new FilterInstruction(LoadByte, 0, 0, NetworkHeader + ProtocolField),
        new FilterInstruction(JumpIfEqual, 0, 3, Udp),
        new FilterInstruction(LoadWord, 0, 0, NetworkHeader + DestinationField),
        new FilterInstruction(JumpIfEqual, 0, 1, destination.V4Bits),
        new FilterInstruction(ReturnConstant, 0, 0, WholePacket),
        new FilterInstruction(ReturnConstant, 0, 0, 0));

    internal unsafe void Attach(FileDescriptor socket)
    {
        fixed (FilterInstruction* start = program)
        {
            var value = new KernelProgram { Length = (ushort)program.Length, Instructions = start };
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.AttachFilter, value, "setsockopt(SO_ATTACH_FILTER)");
        }
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct KernelProgram
    {
        public ushort Length;
        public FilterInstruction* Instructions;
    }
}
