using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using Xunit;

namespace MulticastLab.Tests.Shared;

/// <summary>
/// Wireshark's dissectors as an independent judge of our decoding: every field of every IGMP message in a capture, with its value, its
/// offset and its length, must be the same; of the layers around it, every field that we decode; and so must the capture's comments.
/// </summary>
internal static class TsharkOracle
{
    // Wireshark reads on after what is wrong here; its fields are then of no use for a comparison.
    private static readonly HashSet<PacketError> Incomparable =
    [
        PacketError.EthernetTooShort, PacketError.Ipv4TooShort, PacketError.Ipv4Version, PacketError.Ipv4HeaderLength,
        PacketError.Ipv4TotalLength];

    private static readonly Lazy<bool> Installed = new(() =>
    {
        try
        {
            using var process = Start("--version");
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    });

    /// <summary>Whether tshark is there.</summary>
    public static bool IsInstalled => Installed.Value;

    /// <summary>Skips the test when tshark is not there; fails it in continuous integration, where it has to be.</summary>
    public static void Require()
    {
        if (Installed.Value)
            return;
        const string Reason = "tshark is not installed (Debian package tshark)";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Reason);
        Assert.Skip(Reason);
    }

    /// <summary>Compares a capture file; the result lists the differences and is empty when there are none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="decode">What is judged: our decoder, unless told otherwise.</param>
    public static List<string> Compare(string path, Func<CapturedPacket, DecodedFrame>? decode = null)
    {
        decode ??= FrameDecoder.Decode;
        using var reader = CaptureReader.Open(path);
        var ours = reader.ReadAll().ToList();
        var theirs = Dissect(path);
        var differences = new List<string>();
        if (ours.Count != theirs.Count)
            differences.Add($"We read {ours.Count} packets, tshark {theirs.Count}.");
        for (var i = 0; i < Math.Min(ours.Count, theirs.Count); i++)
        {
            var frame = decode(ours[i]);
            differences.AddRange(ComparePacket(ours[i], frame, theirs[i]).Select(each => $"frame {i + 1} ({frame}): {each}"));
        }

        return differences;
    }

    /// <summary>Some fields as tshark reads them: for each packet their names and values, in the order of the wire.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">The names of the fields.</param>
    public static List<List<string>> Read(string path, params IEnumerable<string> names)
    {
        var wanted = names.ToHashSet();
        return
        [
            .. Dissect(path)
                .Select(packet =>
                    packet
                        .Descendants("field")
                        .Where(each => wanted.Contains(Name(each)))
                        .Select(each => $"{Name(each)} {Show(each)}")
                        .ToList()),
        ];
    }

    private static IEnumerable<string> ComparePacket(CapturedPacket packet, DecodedFrame frame, XElement theirs)
    {
        var layers = theirs.Elements("proto").ToList();
        var about = layers.Single(each => Name(each) == "frame");
        foreach (
            var difference in CompareLists(
                "frame.comment", packet.Comments,
                layers.Where(each => Name(each) == "pkt_comment").SelectMany(each => All(each, "frame.comment"))))
            yield return difference;
        foreach (
            var difference in CompareLists(
                "frame.interface_name", packet.InterfaceName is { } name ? [name] : [], All(about, "frame.interface_name")))
            yield return difference;
        foreach (
            var difference in CompareLists(
                "frame.drop_count", packet.Dropped is { } drops ? [$"{drops}"] : [], All(about, "frame.drop_count")))
            yield return difference;
        var stamp = layers
            .Single(each => Name(each) == "geninfo")
            .Elements("field")
            .Single(each => Name(each) == "timestamp")
            .Attribute("value")!
            .Value;
        if (packet.HasTimestamp && stamp != packet.At.ToString())
            yield return $"time stamp: ours {packet.At}, theirs {stamp}";

        if (Incomparable.Contains(frame.Error))
            yield break;
        if (
            layers.Any(each => Name(each) == "_ws.malformed")
            && frame.Error == PacketError.None
            && frame.Protocol.StartsWith("IGMP", StringComparison.Ordinal)
            && !frame.Fields("igmp.code").Any())
            yield return "malformed to them, not to us";

        for (var i = 0; i < frame.Layers.Count; i++)
        {
            var layer = frame.Layers[i];
            // The same of those with the same name.
            var same = layers
                .Where(each => Name(each) == layer.Name)
                .ElementAtOrDefault(frame.Layers.Take(i).Count(each => each.Name == layer.Name));
            // Wireshark gives the other IGMP types to other dissectors and reads short messages in its own ways.
            if (layer.Name == "igmp" && (frame.Error == PacketError.IgmpTooShort || frame.Fields("igmp.code").Any()))
                continue;
            // What the capture has cut ends their layers before they are shown.
            if (same is null && frame.IsCut)
                continue;
            if (same is null)
            {
                yield return $"they have no layer {layer.Name}";
                continue;
            }

            foreach (
                var difference in layer.Name == "igmp" && !frame.IsCut
                    ? CompareIgmp(frame, layer, same)
                    : CompareOurs(layer, same, frame.IsCut))
                yield return difference;
        }
    }

    private static IEnumerable<string> CompareIgmp(DecodedFrame frame, Field layer, XElement theirs)
    {
        var excused = Excused(frame, layer);
        var ourFields = Flatten(layer).Where(each => !excused.Contains(each.Name)).Select(Describe).ToList();
        var theirFields = theirs
            .Descendants("field")
            .Where(each =>
                Name(each).StartsWith("igmp.", StringComparison.Ordinal)
                && Name(each) != "igmp.bad_checksum"
                && !excused.Contains(Name(each)))
            .Select(Describe)
            .ToList();
        foreach (var difference in CompareLists("igmp", ourFields, theirFields))
            yield return difference;
    }

    // Where Wireshark 4.0 departs from the RFCs.
    private static HashSet<string> Excused(DecodedFrame frame, Field layer)
    {
        // It takes a query of 9 to 11 bytes for one of version 2, which RFC 9776 §7.1 forbids.
        if (frame.Error == PacketError.IgmpQueryLength)
            return ["igmp.version", "igmp.checksum.status"];
        // It sums 8 bytes of these whatever their length is; RFC 2236 §2.3: "the whole IP payload".
        if (layer.Length > 8 && Flatten(layer).Any(each => each.Name == "igmp.type" && each.Value is "0x12" or "0x16" or "0x17"))
            return ["igmp.checksum.status"];
        return [];
    }

    private static IEnumerable<string> CompareOurs(Field layer, XElement theirs, bool mayLack)
    {
        foreach (var fields in Flatten(layer).GroupBy(each => each.Name))
        {
            if (mayLack && !All(theirs, fields.Key).Any())
                continue;
            foreach (var difference in CompareLists(fields.Key, fields.Select(each => each.Value), All(theirs, fields.Key)))
                yield return difference;
        }
    }

    private static IEnumerable<string> CompareLists(string what, IEnumerable<string> ours, IEnumerable<string> theirs)
    {
        var (left, right) = (ours.ToList(), theirs.ToList());
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var (one, other) = (left.ElementAtOrDefault(i), right.ElementAtOrDefault(i));
            if (one == other)
                continue;
            yield return $"{what}: ours {one ?? "nothing"}, theirs {other ?? "nothing"}";
            yield break;
        }
    }

    private static IEnumerable<Field> Flatten(Field field) => field.Children.SelectMany(each =>
        each.Kind == FieldKind.Group ? Flatten(each) : Flatten(each).Prepend(each));

    // A field of no length follows from others; where it is put says nothing.
    private static string Describe(Field field) =>
        $"{field.Name} {field.Value}" + (field.Length == 0 ? "" : $" at {field.Offset} of {field.Length}");

    private static string Describe(XElement field) =>
        $"{Name(field)} {Show(field)}"
        + (field.Attribute("size")!.Value == "0" ? "" : $" at {field.Attribute("pos")!.Value} of {field.Attribute("size")!.Value}");

    private static IEnumerable<string> All(XElement layer, string name) =>
        layer.Descendants("field").Where(each => Name(each) == name).Select(Show);

    private static string Name(XElement element) => element.Attribute("name")!.Value;

    // Later versions write True and False.
    private static string Show(XElement field) => field.Attribute("show")?.Value switch
    {
        "True" => "1",
        "False" => "0",
        var other => other ?? "",
    };

    private static List<XElement> Dissect(string path)
    {
        using var process = Start(
            "-n", "-r", path, "-T", "pdml", "-o", "ip.check_checksum:TRUE", "-o", "ip.defragment:FALSE", "-o", "udp.check_checksum:FALSE");
        var errors = process.StandardError.ReadToEndAsync();
        var packets = XDocument.Load(process.StandardOutput).Root!.Elements("packet").ToList();
        process.WaitForExit();
        return process.ExitCode == 0
            ? packets
            : throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"tshark exits with {process.ExitCode}: {errors.Result}"));
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("tshark", arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
