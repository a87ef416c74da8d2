using System.Buffers.Binary;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>
/// An IPv4 packet that the tester sends: a message as the dialect writes it, and what is different about it. All lengths and checksums are
/// right unless the packet says otherwise.
/// </summary>
public sealed record TesterPacket
{
    // RFC 791 §3.1.
    private const int HeaderLength = 20;
    private const int TypeOfServiceAt = 1;
    private const int TotalLengthAt = 2;
    private const int IdentificationAt = 4;
    private const int TimeToLiveAt = 8;
    private const int ProtocolAt = 9;
    private const int HeaderChecksumAt = 10;
    private const int SourceAt = 12;
    private const int DestinationAt = 16;
    private const int ChecksumAt = 2;
    private const int Largest = 1500;

    /// <summary>The protocol.</summary>
    public required Dialect Dialect { get; init; }

    /// <summary>The message.</summary>
    public required SendMessage Message { get; init; }

    /// <summary>The IP source.</summary>
    public required Address Source { get; init; }

    /// <summary>The IP destination; null for that of the message.</summary>
    public Address? Destination { get; init; }

    /// <summary>The Ethernet destination; null for that which follows from a group. A destination that is no group needs it.</summary>
    public MacAddress? DestinationMac { get; init; }

    /// <summary>The TTL.</summary>
    public byte TimeToLive { get; init; } = 1;

    /// <summary>The Type of Service.</summary>
    public byte TypeOfService { get; init; } = 0xC0;

    /// <summary>The IP protocol; null for the dialect's.</summary>
    public byte? Protocol { get; init; }

    /// <summary>The IP options, a multiple of four bytes; Router Alert alone unless told otherwise.</summary>
    public ReadOnlyMemory<byte> Options { get; init; } = new byte[] { 0x94, 0x04, 0x00, 0x00 };

    /// <summary>What is done to the message's bytes before its checksum is computed; null for nothing.</summary>
    public Func<byte[], byte[]>? Body { get; init; }

    /// <summary>What is done to the message's bytes after its checksum was computed; null for nothing.</summary>
    public Action<byte[]>? Damage { get; init; }

    /// <summary>What the message's checksum is off by.</summary>
    public ushort ChecksumOff { get; init; }

    /// <summary>What the header's checksum is off by.</summary>
    public ushort HeaderChecksumOff { get; init; }

    /// <summary>The bytes of the frame that follow the packet: they are no part of it.</summary>
    public ReadOnlyMemory<byte> Trailer { get; init; }

    /// <summary>The same without Router Alert.</summary>
    public TesterPacket WithoutRouterAlert() => this with { Options = ReadOnlyMemory<byte>.Empty };

    /// <summary>The same to one station.</summary>
    public TesterPacket To(Address address, MacAddress mac) => this with { Destination = address, DestinationMac = mac };

    /// <summary>The same with the message's bytes changed before its checksum is computed.</summary>
    public TesterPacket With(Action<byte[]> change) => this with
    {
        Body = bytes =>
        {
            bytes = Body?.Invoke(bytes) ?? bytes;
            change(bytes);
            return bytes;
        },
    };

    /// <summary>The same with bytes after the message's, included in its checksum.</summary>
    public TesterPacket Followed(params byte[] more) => this with { Body = bytes => [.. Body?.Invoke(bytes) ?? bytes, .. more] };

    /// <summary>The Ethernet frame.</summary>
    /// <param name="from">The Ethernet source.</param>
    /// <exception cref="InvalidOperationException">The destination is no group, and <see cref="DestinationMac"/> is not given.</exception>
    public byte[] ToFrame(MacAddress from)
    {
        var destination = Destination ?? Message.Destination;
        var buffer = new byte[Largest];
        var written = buffer.AsSpan(0, Dialect.Write(buffer, Message, Source));
        var body = written[((written[0] & 0xF) * 4)..].ToArray();
        body = Body?.Invoke(body) ?? body;
        if (body.Length >= ChecksumAt + 2)
            SetChecksum(body, ChecksumAt, body.Length, ChecksumOff);
        Damage?.Invoke(body);

        var headerLength = HeaderLength + Options.Length;
        var packet = new byte[headerLength + body.Length];
        packet[0] = (byte)(0x40 | (headerLength / 4));
        packet[TypeOfServiceAt] = TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(TotalLengthAt), (ushort)packet.Length);
        // Identification and fragmentation.
        written.Slice(IdentificationAt, 4).CopyTo(packet.AsSpan(IdentificationAt));
        packet[TimeToLiveAt] = TimeToLive;
        packet[ProtocolAt] = Protocol ?? written[ProtocolAt];
        Source.Write(packet.AsSpan(SourceAt), 4);
        destination.Write(packet.AsSpan(DestinationAt), 4);
        Options.Span.CopyTo(packet.AsSpan(HeaderLength));
        SetChecksum(packet, HeaderChecksumAt, headerLength, HeaderChecksumOff);
        body.CopyTo(packet, headerLength);

        var mac = DestinationMac
            ?? (destination.IsMulticast
                ? MacAddress.ForGroup(destination)
                : throw new InvalidOperationException($"The Ethernet address of {destination} is not known."));
        var frame = new byte[EthernetView.HeaderLength + packet.Length + Trailer.Length];
        EthernetWriter.Write(frame, from, mac, EtherType.Ipv4, packet);
        Trailer.Span.CopyTo(frame.AsSpan(EthernetView.HeaderLength + packet.Length));
        return frame;
    }

    private static void SetChecksum(byte[] bytes, int at, int length, ushort off)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)(InternetChecksum.Compute(bytes.AsSpan(0, length)) ^ off));
    }
}
