using System.Globalization;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>
/// The first difference of two captures by content: LAN, time, bytes and comments of each packet; not how the file writes them.
/// </summary>
internal static class CaptureDiff
{
    /// <summary>The first difference in words; null when there is none.</summary>
    /// <exception cref="CaptureException">The verified file is not a capture.</exception>
    public static string? Of(Stream verified, Stream received)
    {
        using var left = CaptureReader.Open(verified, leaveOpen: true);
        using var right = CaptureReader.Open(received, leaveOpen: true);
        for (var number = 1; ; number++)
        {
            var (was, now) = (left.Read(), right.Read());
            if (was is null && now is null)
                return null;
            if (was is null || now is null || !Same(was, now))
                return string.Create(CultureInfo.InvariantCulture, $"packet {number}:\n- {Line(was)}\n+ {Line(now)}\n");
        }
    }

    private static bool Same(CapturedPacket was, CapturedPacket now) =>
        was.InterfaceName == now.InterfaceName
        && was.At == now.At
        && was.Data.Span.SequenceEqual(now.Data.Span)
        && was.Comments.SequenceEqual(now.Comments);

    private static string Line(CapturedPacket? packet) => packet is null
        ? "(none)"
        : $"{packet.At} {packet.InterfaceName} {FrameDecoder.Decode(packet)}  {string.Join(" | ", packet.Comments)}";
}
