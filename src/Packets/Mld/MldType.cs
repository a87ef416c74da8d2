namespace MulticastLab.Packets.Mld;

/// <summary>The ICMPv6 types of MLD (RFC 9777 §5); MLDv2 knows no other.</summary>
public enum MldType : byte
{
    /// <summary>Multicast Listener Query of any version.</summary>
    Query = 130,

    /// <summary>Version 1 Multicast Listener Report (RFC 2710).</summary>
    V1Report = 131,

    /// <summary>Version 1 Multicast Listener Done (RFC 2710).</summary>
    V1Done = 132,

    /// <summary>Version 2 Multicast Listener Report.</summary>
    V2Report = 143,
}
