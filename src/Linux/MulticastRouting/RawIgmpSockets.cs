using System.Globalization;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>Finds who has raw IGMP sockets in a network namespace: the multicast router is one of them.</summary>
internal static class RawIgmpSockets
{
    private const string IgmpPort = ":0002"; // of a raw socket, the protocol stands in the place of the port

    /// <summary>
    /// The processes as <c>pimd (process 812)</c>, as far as this user may look at them. A holder in another PID namespace is not visible.
    /// </summary>
    public static IReadOnlyList<string> FindHolders()
    {
        var sockets = ReadSockets();
        var holders = new List<string>();
        if (sockets.Count == 0)
            return holders;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                !int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                || process == Environment.ProcessId)
                continue;
            if (Holds(folder, sockets))
                holders.Add($"{ReadName(folder)} (process {process})");
        }

        return holders;
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
    private static HashSet<string> ReadSockets()
    {
        var sockets = new HashSet<string>();
        foreach (var line in File.ReadLines("/proc/thread-self/net/raw").Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 9 && words[1].EndsWith(IgmpPort, StringComparison.Ordinal))
                sockets.Add($"socket:[{words[9]}]");
        }

        return sockets;
    }

    private static bool Holds(string folder, HashSet<string> sockets)
    {
        try
        {
            return Directory
                .EnumerateFiles(Path.Combine(folder, "fd"))
                .Any(each => new FileInfo(each).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone meanwhile.
            return false;
        }
    }

    private static string ReadName(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm")).Trim();
        }
        catch (IOException)
        {
            return "a program that has just ended";
        }
    }
}
