using System.Buffers.Binary;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>
/// The bytes of a version 3 report, put together field by field (RFC 9776 §4.2): with what no writer of correct messages would write.
/// </summary>
internal sealed class WireReport
{
    private const int Type = 0x22;
    private const int CountAt = 6;

    private readonly List<byte> bytes = [Type, 0, 0, 0, 0, 0, 0, 0];
    private int count;

    /// <summary>Adds a record.</summary>
    /// <param name="type">The record type.</param>
    /// <param name="group">The group.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="saysSources">How many sources it says there are; null for as many as there are.</param>
    /// <param name="auxiliary">The auxiliary data; a multiple of four bytes.</param>
    /// <param name="saysAuxiliary">How many words of them it says there are; null for as many as there are.</param>
    internal WireReport With(
        int type, Address group, Address[]? sources = null, int? saysSources = null, byte[]? auxiliary = null, int? saysAuxiliary = null)
    {
        sources ??= [];
        auxiliary ??= [];
        bytes.AddRange(Record(type, saysAuxiliary ?? (auxiliary.Length / 4), saysSources ?? sources.Length, group));
        foreach (var source in sources)
            bytes.AddRange(Bytes(source));
        bytes.AddRange(auxiliary);
        count++;
        return this;
    }

    /// <summary>The message, its checksum left out.</summary>
    /// <param name="says">How many records it says there are; null for as many as there are.</param>
    internal byte[] ToBytes(int? says = null)
    {
        byte[] message = [.. bytes];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(CountAt), (ushort)(says ?? count));
        return message;
    }

    /// <summary>A record without auxiliary data, on its own.</summary>
    internal static byte[] Record(int type, Address group, params Address[] sources) =>
        [.. Record(type, 0, sources.Length, group), .. sources.SelectMany(Bytes)];

    /// <summary>The bytes of an address.</summary>
    internal static byte[] Bytes(Address address)
    {
        var four = new byte[4];
        address.Write(four, 4);
        return four;
    }

    private static byte[] Record(int type, int auxiliary, int sources, Address group) =>
        [(byte)type, (byte)auxiliary, (byte)(sources >> 8), (byte)sources, .. Bytes(group)];
}
