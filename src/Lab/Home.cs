namespace MulticastLab.Lab;

/// <summary>The source tree (or the release) whose <c>topologies/</c>, <c>captures/</c> and <c>lab/devices/</c> a program uses.</summary>
public static class Home
{
    /// <summary>
    /// MULTICAST_LAB_HOME (the wrapper script sets it), or the nearest folder above the program that holds <c>topologies/</c>; null when
    /// there is none.
    /// </summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MULTICAST_LAB_HOME") is { Length: > 0 } told)
            return told;
        for (
            var folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            folder is not null;
            folder = Path.GetDirectoryName(folder))
        {
            if (Directory.Exists(Path.Combine(folder, "topologies")))
                return folder;
        }

        return null;
    }
}
