namespace MulticastLab.Router.Shell;

/// <summary>The lines of this and earlier sessions, kept in a file that only its owner can read.</summary>
/// <param name="path">The file; null keeps them in memory.</param>
internal sealed class History(string? path)
{
    private const int Most = 1000;

    private readonly List<string> lines = path is null ? [] : Load(path);

    /// <summary>The lines, oldest first.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Where the history of <c>router shell</c> is kept: the user's state folder of the XDG base directories.</summary>
    public static string UsualPath => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)
            ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "multicast-lab",
        "router-history");

    /// <summary>Adds a line, unless it is the one before again.</summary>
    public void Add(string line)
    {
        if (lines.Count > 0 && lines[^1] == line)
            return;
        lines.Add(line);
        if (lines.Count > Most)
            lines.RemoveRange(0, lines.Count - Most);
        if (path is not null)
            Save(path);
    }

    /// <summary>The newest line at or before a place that holds a text; -1 when there is none.</summary>
    public int Search(string text, int from)
    {
        for (var i = Math.Min(from, lines.Count - 1); i >= 0; i--)
        {
            if (lines[i].Contains(text, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    private static List<string> Load(string path)
    {
        try
        {
            return [.. File.ReadLines(path).TakeLast(Most)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private void Save(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var writer = new StreamWriter(file, options);
            foreach (var line in lines)
                writer.WriteLine(line);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A history that cannot be saved is no reason to fail.
        }
    }
}
