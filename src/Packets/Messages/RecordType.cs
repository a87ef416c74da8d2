namespace MulticastLab.Packets;

/// <summary>The type of a group record (RFC 9776 §4.2.13, RFC 9777 §5.2.12): the same six numbers in IGMPv3 and MLDv2.</summary>
public enum RecordType : byte
{
    /// <summary>MODE_IS_INCLUDE: current state, filter mode INCLUDE with these sources.</summary>
    IsInclude = 1,

    /// <summary>MODE_IS_EXCLUDE: current state, filter mode EXCLUDE with these sources.</summary>
    IsExclude = 2,

    /// <summary>CHANGE_TO_INCLUDE_MODE: the filter mode has changed to INCLUDE.</summary>
    ToInclude = 3,

    /// <summary>CHANGE_TO_EXCLUDE_MODE: the filter mode has changed to EXCLUDE.</summary>
    ToExclude = 4,

    /// <summary>ALLOW_NEW_SOURCES: these sources are now wanted too.</summary>
    Allow = 5,

    /// <summary>BLOCK_OLD_SOURCES: these sources are no longer wanted.</summary>
    Block = 6,
}
