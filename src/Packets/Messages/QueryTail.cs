using System.Buffers.Binary;

namespace MulticastLab.Packets;

/// <summary>
/// What a query of the current version has after the group: the same in IGMPv3 and MLDv2 but for the length of an address (RFC 9776 §4.1.4
/// to §4.1.9, RFC 9777 §5.1.6 to §5.1.11).
/// </summary>
/// <remarks>
/// <code>
/// | Flags |S| QRV |     QQIC      |     Number of Sources (N)     |
/// |       Source Address [1] … Source Address [N]                 |
/// </code>
/// </remarks>
internal static class QueryTail
{
    public const int FixedLength = 4;
    public const int IntervalCodeAt = 1;
    public const int SourceCountAt = 2;
    public const int SuppressBit = 0x08;
    public const int RobustnessBits = 0x07;

    /// <summary>The unit of QQIC.</summary>
    public static readonly TimeSpan IntervalUnit = TimeSpan.FromSeconds(1);

    /// <summary>The length with so many sources.</summary>
    public static int Length(int sources, int addressLength) => FixedLength + (sources * addressLength);

    /// <summary>The number of sources that the field claims.</summary>
    public static int SourceCount(ReadOnlySpan<byte> tail) => BinaryPrimitives.ReadUInt16BigEndian(tail[SourceCountAt..]);

    /// <summary>Reads a tail whose sources were checked to be there.</summary>
    public static Query Read(ReadOnlySpan<byte> tail, int addressLength, Address group, TimeSpan maxResponseTime) => new()
    {
        Generation = Generation.Sources,
        MaxResponseTime = maxResponseTime,
        Group = group,
        SuppressRouterSideProcessing = (tail[0] & SuppressBit) != 0,
        RobustnessVariable = tail[0] & RobustnessBits,
        QueryInterval = TimeCode.EightBits.Decode(tail[IntervalCodeAt], IntervalUnit),
        Sources = new SourceList(tail.Slice(FixedLength, SourceCount(tail) * addressLength), addressLength),
    };

    /// <summary>Writes a tail.</summary>
    public static void Write(Span<byte> tail, QueryContent query, int addressLength)
    {
        var suppress = query.SuppressRouterSideProcessing ? SuppressBit : 0;
        // A robustness variable above 7 is sent as 0 (RFC 9776 §4.1.6).
        var robustness = query.RobustnessVariable is >= 0 and <= RobustnessBits ? query.RobustnessVariable : 0;
        tail[0] = (byte)(suppress | robustness);
        tail[IntervalCodeAt] = (byte)TimeCode.EightBits.Encode(query.QueryInterval, IntervalUnit);
        SourceCodec.Write(tail[SourceCountAt..], tail[FixedLength..], query.Sources, addressLength);
    }
}
