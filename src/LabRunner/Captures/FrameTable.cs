using System.Text.RegularExpressions;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;

namespace MulticastLab.LabRunner.Captures;

/// <summary>A capture for people: a line for each frame, with its comments and, when asked for, all its fields.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="capture">For the comments on the whole of it, which may come at any time.</param>
/// <param name="asTree">Whether with all fields.</param>
/// <param name="all">Whether with the copies of a frame on other LANs.</param>
internal sealed partial class FrameTable(Terminal terminal, CaptureReader capture, bool asTree, bool all)
{
    private const int CommentIndent = 6;

    private readonly CopyFinder copies = new();
    private Instant? first;
    private int sectionsShown;
    private int hidden;

    /// <summary>Writes a frame.</summary>
    public void Write(InspectedFrame inspected)
    {
        var (number, packet, frame) = inspected;
        for (; sectionsShown < capture.SectionComments.Count; sectionsShown++)
            WriteComment(0, capture.SectionComments[sectionsShown]);
        if (packet.HasTimestamp)
            first ??= packet.At;
        if (copies.IsCopy(packet) && !all && packet.Comments.All(comment => Sender().IsMatch(comment)))
        {
            hidden++;
            return;
        }

        TimeSpan? since = packet.HasTimestamp ? Durations.Between(first!.Value, packet.At) : null;
        var sender = packet
            .Comments.Select(comment => Sender().Match(comment))
            .FirstOrDefault(match => match.Success)
            ?.Groups["node"]
            .Value;
        terminal.Write(MessageLine.Of(number, since, NameOf(packet.Interface), sender, frame));
        if (packet.Dropped > 0)
            WriteComment(CommentIndent, $"lost between the frame before and this one: {packet.Dropped}");
        foreach (var comment in packet.Comments.Where(comment => !Sender().IsMatch(comment)))
            WriteComment(CommentIndent, comment);
        if (asTree)
            terminal.Write(OutsideText.Markup(frame.ToTree()));
    }

    /// <summary>Says what has not been shown.</summary>
    public void End()
    {
        if (hidden > 0)
            terminal.Write($"[grey]{hidden} copies on other LANs are not shown; --all shows them.[/]");
    }

    private static string NameOf(CaptureInterface described) =>
        described == CaptureInterface.Undescribed ? "?" : described.Name ?? $"{described.Id}";

    private void WriteComment(int indent, string comment)
    {
        foreach (var line in comment.Split('\n'))
            terminal.WriteIndented(indent, $"[yellow]# {OutsideText.Markup(line)}[/]");
    }

    /// <summary>How the lab's own captures name the node that sent a frame.</summary>
    [GeneratedRegex(@"^from (?<node>\S+) \S+$")]
    private static partial Regex Sender();
}
