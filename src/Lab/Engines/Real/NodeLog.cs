namespace MulticastLab.Lab.Engines.Real;

/// <summary>What a node's startup and daemons write, all in one file.</summary>
/// <param name="file">Its path.</param>
internal sealed class NodeLog(string file)
{
    private const int TailLines = 20;

    /// <summary>Its path.</summary>
    internal string File => file;

    /// <summary>Its length in bytes so far.</summary>
    internal long Length => new FileInfo(file).Length;

    /// <summary>All of it.</summary>
    internal Task<string> Read(CancellationToken cancellation) => System.IO.File.ReadAllTextAsync(file, cancellation);

    /// <summary>What was written since it had this length.</summary>
    internal string ReadFrom(long start)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) { Position = start };
        return new StreamReader(stream).ReadToEnd();
    }

    /// <summary>The last lines since it had this length.</summary>
    internal string TailFrom(long start) => Tail(ReadFrom(start));

    /// <summary>The last lines of a text.</summary>
    internal static string Tail(string text) => string.Join('\n', text.TrimEnd().Split('\n').TakeLast(TailLines));
}
