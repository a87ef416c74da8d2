using System.Globalization;
using MulticastLab.Packets;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Output;

/// <summary>A captured frame in one line, coloured by what it is.</summary>
internal static class MessageLine
{
    /// <summary>The line as markup.</summary>
    /// <param name="number">The frame's number.</param>
    /// <param name="since">The time since the first frame; null where a file does not tell.</param>
    /// <param name="lan">The LAN it was captured on.</param>
    /// <param name="sender">The node that sent it, where it is known.</param>
    /// <param name="frame">What it says.</param>
    public static string Of(int number, TimeSpan? since, string lan, string? sender, DecodedFrame frame)
    {
        var time = since is { } told
            ? ((decimal)told.Ticks / TimeSpan.TicksPerSecond).ToString("0.000000", CultureInfo.InvariantCulture)
            : "-";
        var place = Line(string.Create(CultureInfo.InvariantCulture, $"{number, 5} {time, 12}  {lan, -4} "));
        var who = sender is null ? "" : Line($"{sender, -6} ");
        var ends = Line(frame.Source.Length + frame.Destination.Length == 0 ? "" : $"{frame.Source, -15} → {frame.Destination, -15}");
        return $"[grey]{place}[/]{who}{ends}  [{Colour(frame)}]{Line($"{frame.Protocol} {frame.Info}")}[/]";
    }

    private static string Line(string text) => OutsideText.Markup(VisibleText.Line(text));

    private static string Colour(DecodedFrame frame) => frame switch
    {
        { Error: not PacketError.None } => "red",
        { IsCut: true } => "yellow",
        { Protocol: var protocol } when !protocol.StartsWith("IGMP", StringComparison.Ordinal) => "grey",
        { Info: var info } when info.Contains("Query", StringComparison.Ordinal) => "aqua",
        _ => "green",
    };
}
