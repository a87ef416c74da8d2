using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Membership;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Scenarios.Golden;

/// <summary>
/// Verified evidence: <c>&lt;scenario&gt;.verified.txt</c> and <c>&lt;scenario&gt;.verified.pcapng</c>, from the simulated run with seed 1
/// and the RFC's timers. That run is compared exactly, every other one by its meaning. What differs is written beside it as
/// <c>.received.*</c>.
/// </summary>
public static class GoldenFiles
{
    /// <summary>The environment variable that, set to 1, makes tests accept what they received.</summary>
    public const string AcceptVariable = "MULTICASTLAB_ACCEPT";

    private const int Seed = 1;

    /// <summary>Whether <see cref="AcceptVariable"/> asks for acceptance.</summary>
    public static bool AcceptRequested => Environment.GetEnvironmentVariable(AcceptVariable) == "1";

    /// <summary>Whether the run is one that is compared exactly, and that can be accepted.</summary>
    public static bool IsExact(ScenarioResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Capabilities.IsReproducible && result.Options.Seed == Seed && result.Options.Timing == Timing.Default;
    }

    /// <summary>Compares a run with the verified evidence of its scenario.</summary>
    /// <param name="result">The run.</param>
    /// <param name="directory">The folder of verified evidence.</param>
    /// <param name="accept">Whether an exact run that passed becomes the verified evidence if it differs.</param>
    /// <returns>The difference, readable; null when there is none, or when it was accepted.</returns>
    public static string? Compare(ScenarioResult result, string directory, bool accept = false)
    {
        ArgumentNullException.ThrowIfNull(result);
        return IsExact(result) ? CompareExactly(result, directory, accept) : CompareMeaning(result, directory);
    }

    private static string? CompareExactly(ScenarioResult result, string directory, bool accept)
    {
        var text = RunText.Of(result);
        using var capture = new MemoryStream();
        EvidenceCapture.Write(result, capture);
        var difference = Difference(result, directory, text, capture);
        if (difference is not null && accept && result.Passed)
        {
            Directory.CreateDirectory(directory);
            Write(result, directory, "verified", text, capture);
            difference = null;
        }

        if (difference is not null)
        {
            Write(result, directory, "received", text, capture);
            return $"{difference}\nreceived: {PathOf(result, directory, "received.txt")}\nTo accept it, run the tests with "
                + $"{AcceptVariable}=1, or labrunner run {result.Scenario.Name} --accept.";
        }

        File.Delete(PathOf(result, directory, "received.txt"));
        File.Delete(PathOf(result, directory, "received.pcapng"));
        return null;
    }

    private static string? Difference(ScenarioResult result, string directory, string text, MemoryStream capture)
    {
        var (textPath, capturePath) = (PathOf(result, directory, "verified.txt"), PathOf(result, directory, "verified.pcapng"));
        if (!File.Exists(textPath) || !File.Exists(capturePath))
            return $"{result.Scenario.Name} has no verified evidence in {directory} yet.";
        var difference = TextDiff.Of(Verified(textPath), text);
        if (difference.Length > 0)
            return $"{textPath} differs:\n{difference}";
        capture.Position = 0;
        using var verified = File.OpenRead(capturePath);
        return CaptureDiff.Of(verified, capture) is { } packet ? $"{capturePath} differs from {packet}" : null;
    }

    private static string? CompareMeaning(ScenarioResult result, string directory)
    {
        var path = PathOf(result, directory, "verified.txt");
        if (!File.Exists(path))
            return $"{result.Scenario.Name} has no verified evidence in {directory} yet.";
        var difference = TextDiff.Of(MeaningIn(Verified(path)), MeaningIn(RunText.Of(result)));
        return difference.Length > 0 ? $"{path} says something else than this run ({result.World}):\n{difference}" : null;
    }

    // As it was written, whatever ends of lines a checkout on Windows has given it.
    private static string Verified(string path) => FileText.Decode(path, File.ReadAllBytes(path));

    // From its heading to the next empty line.
    private static string MeaningIn(string text)
    {
        var start = text.IndexOf(RunMeaning.Heading, StringComparison.Ordinal);
        if (start < 0)
            return "";
        var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    private static void Write(ScenarioResult result, string directory, string kind, string text, MemoryStream capture)
    {
        File.WriteAllText(PathOf(result, directory, kind + ".txt"), text);
        File.WriteAllBytes(PathOf(result, directory, kind + ".pcapng"), capture.ToArray());
    }

    private static string PathOf(ScenarioResult result, string directory, string ending) =>
        Path.Combine(directory, $"{result.Scenario.Name}.{ending}");
}
