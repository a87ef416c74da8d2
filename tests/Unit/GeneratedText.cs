using FluentAssertions;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Packets.Text;

namespace MulticastLab.Tests;

/// <summary>
/// Documents of the repository that are generated from the code. With MULTICASTLAB_ACCEPT=1 they are regenerated instead of compared.
/// </summary>
internal static class GeneratedText
{
    /// <summary>The whole file is this text.</summary>
    public static void ShouldBe(string file, string text)
    {
        var path = Path.Combine(Repository.Root, file);
        if (Accepts)
            File.WriteAllText(path, text);
        Read(path).Should().Be(text, "{0} is made from the code; {1}=1 regenerates it", file, GoldenFiles.AcceptVariable);
    }

    /// <summary>The lines between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- end --&gt;</c> are this text.</summary>
    public static void ShouldHold(string file, string name, string text)
    {
        var before = Read(Path.Combine(Repository.Root, file));
        var start = before.IndexOf($"<!-- {name} -->\n", StringComparison.Ordinal) + $"<!-- {name} -->\n".Length;
        var end = before.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        ShouldBe(file, before[..start] + text + before[end..]);
    }

    private static string Read(string path) => FileText.Decode(path, File.ReadAllBytes(path));

    private static bool Accepts => Environment.GetEnvironmentVariable(GoldenFiles.AcceptVariable) == "1";
}
