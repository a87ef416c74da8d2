using System.Globalization;
using MulticastLab.Packets;
using MulticastLab.Packets.Decoding;
using Spectre.Console;

namespace MulticastLab.LabRunner.Output;

/// <summary>A captured frame in one line, coloured by what it is.</summary>
internal static class MessageLine
{
    /// <summary>The line as markup.</summary>
    /// <param name="number">The frame's number.</param>
    /// <param name="since">The time since the first frame.</param>
    /// <param name="lan">The LAN it was captured on.</param>
    /// <param name="sender">The node that sent it, where it is known.</param>
    /// <param name="frame">What it says.</param>
    public static string Of(int number, TimeSpan since, string lan, string? sender, DecodedFrame frame)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{number,5} {since.TotalSeconds,12:0.000000}  {Markup.Escape(lan),-4} ");
        var who = sender is null ? "" : $"{Markup.Escape(sender),-6} ";
        var ends = Markup.Escape(frame.Source.Length == 0 ? "" : $"{frame.Source,-15} → {frame.Destination,-15}");
        return $"[grey]{place}[/]{who}{ends}  [{Colour(frame)}]{Markup.Escape($"{frame.Protocol} {frame.Info}")}[/]";
    }

    private static string Colour(DecodedFrame frame) => frame switch
    {
        { Error: not PacketError.None } => "red",
        { Protocol: var protocol } when !protocol.StartsWith("IGMP", StringComparison.Ordinal) => "grey",
        { Info: var info } when info.Contains("Query", StringComparison.Ordinal) => "aqua",
        _ => "green",
    };
}
