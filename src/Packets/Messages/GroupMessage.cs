namespace MulticastLab.Packets;

/// <summary>What a <see cref="GroupMessage"/> says.</summary>
public enum GroupMessageKind
{
    /// <summary>The sender is a member.</summary>
    Report,

    /// <summary>The sender is no longer a member.</summary>
    Leave,
}

/// <summary>
/// A message of an older version, which is about a group as a whole and names no source: a report of IGMPv1 or v2, a leave of IGMPv2
/// (RFC 1112 Appendix I, RFC 2236 §2), a report or done of MLDv1 (RFC 2710 §3).
/// </summary>
/// <param name="Kind">Report or leave.</param>
/// <param name="Generation">The generation of the protocol version that has this type of message.</param>
/// <param name="Group">The group, as sent: not necessarily a multicast address.</param>
public readonly record struct GroupMessage(GroupMessageKind Kind, Generation Generation, Address Group);
