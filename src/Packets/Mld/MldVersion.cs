using static MulticastLab.Packets.Mld.MldLayout;

namespace MulticastLab.Packets.Mld;

/// <summary>Which version of MLD a message is of.</summary>
public static class MldVersion
{
    /// <summary>A query's version is that of its length (RFC 9777 §8.1), any other message's that of its type.</summary>
    /// <param name="message">The ICMPv6 message, checked or not.</param>
    /// <returns>1 or 2; null for an unknown type and for a query of no version's length.</returns>
    public static int? Of(ReadOnlySpan<byte> message) => message.IsEmpty ? null : (MldType)message[0] switch
    {
        MldType.Query when message.Length >= QueryV2Length => 2,
        MldType.Query when message.Length == FixedLength => 1,
        MldType.V1Report or MldType.V1Done => 1,
        MldType.V2Report => 2,
        _ => null,
    };
}
