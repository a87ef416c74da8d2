using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using MulticastLab.LabRunner.Captures;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner inspect FILE</c>: a capture as an annotated table, as field trees, or as JSON.</summary>
internal static partial class InspectCommand
{
    private const int CommentIndent = 6;

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A pcapng or pcap file" };
        var tree = new Option<bool>("--tree") { Description = "All fields of every frame" };
        var igmp = new Option<bool>("--igmp") { Description = "IGMP messages only" };
        var all = new Option<bool>("--all") { Description = "Also the copies of a frame on the other LANs that a switch passed it on to" };
        var json = Common.Json("A JSON array with Wireshark's field names on standard output");
        return new Command("inspect", "Show a capture with its annotations") { file, tree, igmp, all, json }.Does(terminal, (parsed, cancellation) =>
        {
            using var capture = Open(parsed.GetRequiredValue(file));
            var packets = Numbered(capture, parsed.GetRequiredValue(file), cancellation).Where(each => !parsed.GetValue(igmp) || IsIgmp(each.Frame));
            if (parsed.GetValue(json))
                WriteJson(terminal.Out, packets);
            else
                WriteTable(terminal, capture, packets, parsed.GetValue(tree), parsed.GetValue(all));
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static CaptureReader Open(string path)
    {
        try
        {
            return CaptureReader.Open(path);
        }
        catch (CaptureException malformed)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: {malformed.Message}", cause: malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{path}: {unreadable.Message}", cause: unreadable);
        }
    }

    private static IEnumerable<(int Number, CapturedPacket Packet, DecodedFrame Frame)> Numbered(CaptureReader capture, string path, CancellationToken cancellation)
    {
        var number = 0;
        using var packets = capture.ReadAll().GetEnumerator();
        while (Next(packets, path))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return (++number, packets.Current, FrameDecoder.Decode(packets.Current));
        }
    }

    private static bool Next(IEnumerator<CapturedPacket> packets, string path)
    {
        try
        {
            return packets.MoveNext();
        }
        catch (CaptureException malformed)
        {
            // What came before it has been shown.
            throw new CommandException(ExitCode.Invalid, $"{path}: {malformed.Message}", cause: malformed);
        }
    }

    private static void WriteTable(
        Terminal terminal, CaptureReader capture, IEnumerable<(int Number, CapturedPacket Packet, DecodedFrame Frame)> packets, bool asTree, bool all)
    {
        Instant? first = null;
        var sectionsShown = 0;
        var copies = new CopyFinder();
        var hidden = 0;
        foreach (var (number, packet, frame) in packets)
        {
            for (; sectionsShown < capture.SectionComments.Count; sectionsShown++)
                WriteComment(terminal, 0, capture.SectionComments[sectionsShown]);
            first ??= packet.At;
            if (copies.IsCopy(packet) && !all && packet.Comments.All(comment => Sender().IsMatch(comment)))
            {
                hidden++;
                continue;
            }

            var sender = packet.Comments.Select(comment => Sender().Match(comment)).FirstOrDefault(match => match.Success)?.Groups["node"].Value;
            terminal.Write(MessageLine.Of(number, packet.At - first.Value, packet.InterfaceName ?? $"{packet.InterfaceId}", sender, frame));
            foreach (var comment in packet.Comments.Where(comment => !Sender().IsMatch(comment)))
                WriteComment(terminal, CommentIndent, comment);
            if (asTree)
                terminal.Write(OutsideText.Markup(frame.ToTree()));
        }

        if (hidden > 0)
            terminal.Write($"[grey]{hidden} copies on other LANs are not shown; --all shows them.[/]");
    }

    private static void WriteComment(Terminal terminal, int indent, string comment)
    {
        foreach (var line in comment.Split('\n'))
            terminal.WriteIndented(indent, $"[yellow]# {OutsideText.Markup(line)}[/]");
    }

    private static void WriteJson(TextWriter output, IEnumerable<(int Number, CapturedPacket Packet, DecodedFrame Frame)> packets)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (var (number, packet, _) in packets)
                FrameJson.Write(json, packet, number);
            json.WriteEndArray();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>How the lab's own captures name the node that sent a frame.</summary>
    [GeneratedRegex(@"^from (?<node>\S+) \S+$")]
    private static partial Regex Sender();

    private static bool IsIgmp(DecodedFrame frame) => frame.Layers.Any(layer => layer.Name == "igmp");
}
