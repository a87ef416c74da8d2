using System.Text.RegularExpressions;

namespace MulticastLab.Linux.Namespaces;

/// <summary>One line of /proc/self/mountinfo (proc(5)).</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Options">The mount's own options.</param>
public sealed partial record MountEntry(string Path, string Type, IReadOnlyList<string> Options)
{
    /// <summary>The mounts of the calling thread's mount namespace, parents first.</summary>
    public static IReadOnlyList<MountEntry> ReadAll()
    {
        var entries = new List<MountEntry>();
        foreach (var line in File.ReadLines("/proc/thread-self/mountinfo"))
        {
            var fields = line.Split(' ');
            // A variable number of fields ends with a lone dash.
            var dash = Array.IndexOf(fields, "-", 6);
            entries.Add(new MountEntry(Unescape(fields[4]), fields[dash + 1], fields[5].Split(',')));
        }

        return entries;
    }

    private static string Unescape(string text) =>
        Octal().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
