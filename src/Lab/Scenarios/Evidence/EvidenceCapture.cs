using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets.Captures;

namespace MulticastLab.Lab.Scenarios.Evidence;

/// <summary>A run as one capture of all LANs: an interface block per LAN, with the annotations of a frame as its comments.</summary>
internal static class EvidenceCapture
{
    /// <summary>Writes the capture of a scenario.</summary>
    public static void Write(ScenarioResult result, Stream stream) => Write(result, About(result), stream);

    /// <summary>Writes a capture.</summary>
    /// <param name="result">The run.</param>
    /// <param name="about">The comment on the whole.</param>
    /// <param name="stream">Where to.</param>
    public static void Write(IRunEvidence result, string about, Stream stream)
    {
        var annotations = new Annotations(result);
        using var writer = new PcapngWriter(stream, about, leaveOpen: true);
        var lans = new Dictionary<string, int>();
        foreach (var lan in result.Topology.Lans)
            lans.Add(lan, writer.AddInterface(lan, $"LAN {lan}: {string.Join(", ", Stations(result, lan))}"));
        foreach (var frame in result.Frames)
            writer.WritePacket(lans[frame.Frame.Lan], frame.At, frame.Frame.Bytes.Span, Comments(annotations, frame));
    }

    private static List<string> Comments(Annotations annotations, SeenFrame frame) =>
        [$"from {frame.Sender} {frame.Frame.Interface}", .. annotations.Of(frame)];

    private static string About(ScenarioResult result) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Scenario.Name}: {result.Scenario.Description} World: {result.World}, seed {result.Options.Seed}. Verdict: "
                + $"{result.Verdict.OfRun()}.");

    private static IEnumerable<string> Stations(IRunEvidence result, string lan) => result.Topology.Nodes
        .SelectMany(node => node.Interfaces, (node, attachment) => (node, attachment))
        .Where(each => each.attachment.Lan == lan)
        .Select(each => $"{each.node.Name} {each.attachment.Interface}");
}
