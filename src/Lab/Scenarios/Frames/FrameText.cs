using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Frames;

/// <summary>Records and source sets in one line, as the RFC writes them.</summary>
internal static class FrameText
{
    public static string Of(RecordContent record) => $"{record.Type.ShortName()}({record.Group}, {Set(record.Sources)})";

    public static string Set(IEnumerable<Address> sources) => "{" + string.Join(", ", sources.Order()) + "}";
}
