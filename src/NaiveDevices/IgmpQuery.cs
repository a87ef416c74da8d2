using System.Buffers.Binary;
using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary>A query as a naive program understands it.</summary>
/// <param name="Version">1, 2 or 3.</param>
/// <param name="MaxRespCode">The Max Resp Code, not decoded.</param>
/// <param name="Group">The group; 0.0.0.0 in a General Query.</param>
/// <param name="Suppress">The S flag.</param>
/// <param name="Robustness">The QRV.</param>
/// <param name="IntervalCode">The QQIC, not decoded.</param>
/// <param name="Sources">The sources.</param>
internal sealed record IgmpQuery(
    int Version, byte MaxRespCode, Address Group, bool Suppress, int Robustness, byte IntervalCode, IReadOnlyList<Address> Sources)
{
    internal bool IsGeneral => Group.IsUnspecified;

    /// <summary>Reads a query; null when it is none (RFC 9776 §7.1).</summary>
    internal static IgmpQuery? Read(ReadOnlySpan<byte> message)
    {
        if (message.Length is not (8 or >= 12))
            return null;
        var group = Address.Read(message.Slice(4, 4));
        if (!group.IsUnspecified && !group.IsMulticast)
            return null;
        if (message.Length == 8)
            return new IgmpQuery(message[1] == 0 ? 1 : 2, message[1], group, false, 0, 0, []);
        var sources = IgmpPacket.Addresses(message, 12, BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return sources is null
            ? null
            : new IgmpQuery(3, message[1], group, (message[8] & 8) != 0, message[8] & 7, message[9], sources);
    }

    /// <summary>The bytes of a query of version 3.</summary>
    internal byte[] ToBytes()
    {
        var message = new byte[12 + (4 * Sources.Count)];
        message[0] = 0x11;
        message[1] = MaxRespCode;
        Group.Write(message.AsSpan(4));
        message[8] = (byte)((Suppress ? 8 : 0) | (Robustness > 7 ? 0 : Robustness));
        message[9] = IntervalCode;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)Sources.Count);
        for (var i = 0; i < Sources.Count; i++)
            Sources[i].Write(message.AsSpan(12 + (4 * i)));
        return message;
    }
}
