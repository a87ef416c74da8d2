namespace MulticastLab.Packets.Igmp;

/// <summary>The message types an IGMPv3 implementation knows (RFC 9776 §4); every other type is silently discarded.</summary>
public enum IgmpType : byte
{
    /// <summary>Membership Query of any version.</summary>
    MembershipQuery = 0x11,

    /// <summary>Version 1 Membership Report (RFC 1112).</summary>
    V1MembershipReport = 0x12,

    /// <summary>Version 2 Membership Report (RFC 2236).</summary>
    V2MembershipReport = 0x16,

    /// <summary>Version 2 Leave Group (RFC 2236).</summary>
    V2LeaveGroup = 0x17,

    /// <summary>Version 3 Membership Report.</summary>
    V3MembershipReport = 0x22,
}
