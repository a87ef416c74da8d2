using System.Globalization;
using System.Text;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>The messages of a run as a Mermaid sequence diagram: who says what on which LAN, step by step.</summary>
internal static class MessageSequence
{
    private const int MostPerStep = 10;

    /// <summary>The diagram; a step with more messages than fit says how many more there are.</summary>
    public static string Of(ScenarioResult result)
    {
        var switches = result.Topology.Nodes.Where(node => node.Kind == NodeKind.Switch).Select(node => node.Name).ToHashSet();
        var messages = result.Frames.Where(frame => frame.IsIgmp && !switches.Contains(frame.Sender)).ToList();
        var senders = result.Topology.Nodes.Select(node => node.Name)
            .Concat(messages.Select(frame => frame.Sender))
            .Distinct()
            .Where(name => messages.Exists(frame => frame.Sender == name))
            .ToList();
        var lans = result.Topology.Lans.Where(lan => messages.Exists(frame => frame.Frame.Lan == lan)).ToList();
        var text = new StringBuilder("sequenceDiagram\n");
        for (var i = 0; i < senders.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"  participant n{i} as {senders[i]}\n");
        for (var i = 0; i < lans.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"  participant lan{i} as LAN {lans[i]}\n");
        foreach (var step in result.Steps)
        {
            var here = messages.FindAll(frame => Annotations.StepOf(result, frame) == step);
            if (here.Count == 0)
                continue;
            var all = $"n0,lan{lans.Count - 1}";
            text.Append(CultureInfo.InvariantCulture, $"  Note over {all}: {step.Number}. {Plain(step.Title)}\n");
            foreach (var frame in here.Take(MostPerStep))
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  n{senders.IndexOf(frame.Sender)}->>lan{lans.IndexOf(frame.Frame.Lan)}: {Line(frame, step)}\n");
            if (here.Count > MostPerStep)
                text.Append(CultureInfo.InvariantCulture, $"  Note over {all}: and {here.Count - MostPerStep} more\n");
        }

        return text.ToString();
    }

    // The addresses stand before the first two blanks; who sends it where is what the arrow says.
    private static string Line(SeenFrame frame, RunStep step)
    {
        var text = frame.ToString();
        var start = text.IndexOf("  ", StringComparison.Ordinal);
        var after = (frame.At - step.Start).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        return $"{after} s {Plain(start < 0 ? text : text[start..].Trim())}";
    }

    // Mermaid takes them for the end of a statement and for the begin of a character's code.
    private static string Plain(string text) =>
        text.Replace(";", ",", StringComparison.Ordinal).Replace("#", "no. ", StringComparison.Ordinal);
}
