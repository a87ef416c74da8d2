using System.Globalization;
using System.Text.RegularExpressions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.Conformance.Reports;

/// <summary>The capture of a test as it was written: every frame with what its comments say of it.</summary>
internal sealed partial class TestCapture
{
    private TestCapture(IReadOnlyList<CapturedFrame> frames, IReadOnlyDictionary<string, string> lans, string? problem) =>
        (Frames, Lans, Problem) = (frames, lans, problem);

    /// <summary>The frames, in the order of the capture.</summary>
    public IReadOnlyList<CapturedFrame> Frames { get; }

    /// <summary>The LANs, in the order of the capture, each with what is wired to it: <c>LAN A: dut eth0</c>.</summary>
    public IReadOnlyDictionary<string, string> Lans { get; }

    /// <summary>Why not all of it could be read; null when it could.</summary>
    public string? Problem { get; }

    /// <summary>A capture that cannot be read at all.</summary>
    public static TestCapture Unreadable(string problem) => new([], new Dictionary<string, string>(), problem);

    /// <summary>Reads a capture, as far as it goes.</summary>
    /// <exception cref="CaptureException">It is none.</exception>
    public static TestCapture Read(string path)
    {
        using var reader = CaptureReader.Open(path);
        var frames = new List<CapturedFrame>();
        string? problem = null;
        try
        {
            foreach (var packet in reader.ReadAll())
                frames.Add(Annotated(frames.Count + 1, packet));
        }
        catch (CaptureException cut)
        {
            problem = cut.Message;
        }

        var lans = new Dictionary<string, string>();
        foreach (var each in reader.Interfaces)
            lans.TryAdd(NameOf(each), each.Description ?? "");
        return new TestCapture(frames, lans, problem);
    }

    private static CapturedFrame Annotated(int number, CapturedPacket packet)
    {
        var frame = new CapturedFrame(number, packet, NameOf(packet.Interface), FrameDecoder.Decode(packet));
        foreach (var comment in packet.Comments)
        {
            if (Sender().Match(comment) is { Success: true } from)
                frame = frame with { Sender = from.Groups["node"].Value, Port = from.Groups["interface"].Value };
            else if (Step().Match(comment) is { Success: true } step)
                frame = frame with { Begins = (Number(step.Groups["number"].Value), step.Groups["title"].Value) };
            else if (comment.StartsWith("FAIL: ", StringComparison.Ordinal))
                frame = frame with { Failures = [.. frame.Failures, comment["FAIL: ".Length..]] };
            else if (comment.StartsWith("ok: ", StringComparison.Ordinal))
                frame = frame with { Fulfils = [.. frame.Fulfils, comment["ok: ".Length..]] };
        }

        return frame;
    }

    private static string NameOf(CaptureInterface from) => from.Name ?? string.Create(CultureInfo.InvariantCulture, $"{from.Id}");

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("^from (?<node>[^ ]+) (?<interface>[^ ]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sender();

    [GeneratedRegex("^step (?<number>[0-9]{1,6}): (?<title>.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Step();
}

/// <summary>A frame of a test's capture.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Packet">As captured.</param>
/// <param name="Lan">The LAN.</param>
/// <param name="Decoded">What it says.</param>
internal sealed record CapturedFrame(int Number, CapturedPacket Packet, string Lan, DecodedFrame Decoded)
{
    /// <summary>When it was sent, on the clock of the capture.</summary>
    public Instant At => Packet.At;

    /// <summary>Who has sent it: a node, or a station of the tester; its address where the capture does not tell.</summary>
    public string Sender { get; init; } = Decoded.Source;

    /// <summary>From which of its interfaces.</summary>
    public string Port { get; init; } = "";

    /// <summary>The step whose first frame it is.</summary>
    public (int Number, string Title)? Begins { get; init; }

    /// <summary>What it is wrong for: expectation and problem.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>The expectations that it fulfils.</summary>
    public IReadOnlyList<string> Fulfils { get; init; } = [];

    /// <summary>Whether it is a message of the protocol that is tested, and no mere datagram.</summary>
    public bool IsMessage =>
        Decoded.Protocol.StartsWith("IGMP", StringComparison.Ordinal) || Decoded.Protocol.StartsWith("MLD", StringComparison.Ordinal);
}
