using System.Globalization;

namespace MulticastLab.Packets;

/// <summary>The short names of record types.</summary>
public static class RecordTypeName
{
    /// <summary>The RFC's short name of a record type (RFC 9776 §4.2.13): <c>TO_EX</c>; of an unknown one <c>TYPE_7</c>.</summary>
    public static string ShortName(this RecordType type) => type switch
    {
        RecordType.IsInclude => "IS_IN",
        RecordType.IsExclude => "IS_EX",
        RecordType.ToInclude => "TO_IN",
        RecordType.ToExclude => "TO_EX",
        RecordType.Allow => "ALLOW",
        RecordType.Block => "BLOCK",
        _ => string.Create(CultureInfo.InvariantCulture, $"TYPE_{(byte)type}"),
    };
}
