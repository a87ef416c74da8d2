using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Scenarios.Evidence;

/// <summary>The folder of a run: capture, decoded text, state dumps, logs.</summary>
public static class EvidenceFolder
{
    private const string Verdict = "verdict.txt";

    /// <summary>
    /// Makes a folder that was not there: <c>&lt;root&gt;/&lt;scenario&gt;-&lt;world&gt;-&lt;n&gt;</c>, n counting up from 1.
    /// </summary>
    public static string Next(string root, string scenario, string world)
    {
        for (var n = 1; ; n++)
        {
            var path = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{scenario}-{world}-{n}"));
            if (!Directory.Exists(path) && TryClaim(path))
                return path;
        }
    }

    /// <summary>Writes the evidence of a run.</summary>
    /// <returns>The result, with its paths.</returns>
    internal static ScenarioResult Write(ScenarioResult result, string directory)
    {
        Directory.CreateDirectory(directory);
        var capture = Path.GetFullPath(Path.Combine(directory, "run.pcapng"));
        using (var stream = File.Create(capture))
            EvidenceCapture.Write(result, stream);
        var written = result with { EvidenceDirectory = Path.GetFullPath(directory), CapturePath = capture };
        File.WriteAllText(Path.Combine(directory, "run.txt"), RunText.Of(written));
        File.WriteAllText(Path.Combine(directory, Verdict), written.Describe() + "\n");
        WriteStates(written, Path.Combine(directory, "states.jsonl"));
        foreach (var (node, log) in written.Logs)
            File.WriteAllText(Path.Combine(directory, node + ".log"), log.Length == 0 ? "" : log.TrimEnd() + "\n");
        return written;
    }

    private static void WriteStates(ScenarioResult result, string path)
    {
        using var lines = File.Create(path);
        foreach (var each in result.Checkpoints)
        {
            JsonSerializer.Serialize(
                lines, new CheckpointLine(each.At.ToString(), each.Step.Number, each.Node, each.State),
                EvidenceContext.Default.CheckpointLine);
            lines.WriteByte((byte)'\n');
        }
    }

    // Runs side by side must not get the same folder: creating a file exclusively is the one call in which only one of them can succeed.
    private static bool TryClaim(string path)
    {
        Directory.CreateDirectory(path);
        var verdict = Path.Combine(path, Verdict);
        try
        {
            using var claim = new FileStream(verdict, FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(verdict))
        {
            return false;
        }
    }
}

/// <summary>A line of <c>states.jsonl</c>.</summary>
internal sealed record CheckpointLine(string At, int Step, string Node, RouterState State);

[JsonSerializable(typeof(CheckpointLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, Converters = [typeof(RouterStateConverter)])]
internal sealed partial class EvidenceContext : JsonSerializerContext;
