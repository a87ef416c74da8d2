namespace MulticastLab.Packets.Decoding;

/// <summary>Where the fields are in a header of IEEE 802.11 (§9.2), whose numbers are little-endian.</summary>
/// <remarks>
/// Data and management frames; the Frame Control says which of the rest is there:
/// <code>
/// | Frame Control (2) | Duration (2) | Address 1 (6) | Address 2 (6) | Address 3 (6) | Sequence Control (2) |
/// | Address 4 (6): between access points | QoS Control (2): QoS data | HT Control (4): QoS data with the bit Order |
/// </code>
/// </remarks>
internal static class WlanLayout
{
    public const int FrameControlLength = 2;
    public const int DurationAt = 2;
    public const int Address1At = 4;
    public const int Address2At = 10;
    public const int Address3At = 16;
    public const int SequenceControlAt = 22;
    public const int Address4At = 24;
    public const int HeaderLength = 24;
    public const int AddressLength = 6;
    public const int QosLength = 2;
    public const int HtControlLength = 4;

    public const int Management = 0;
    public const int Control = 1;
    public const int Data = 2;

    // The second byte of the Frame Control.
    public const byte ToDistribution = 0x01;
    public const byte FromDistribution = 0x02;
    public const byte MoreFragments = 0x04;
    public const byte Retry = 0x08;
    public const byte PowerManagement = 0x10;
    public const byte MoreData = 0x20;
    public const byte Protected = 0x40;
    public const byte Order = 0x80;

    // Of the subtypes of data frames.
    public const int NoDataBit = 0x4;
    public const int QosBit = 0x8;

    // Of the QoS Control.
    public const int TrafficIdentifierBits = 0x0F;
    public const int AggregateBit = 0x80;
}
