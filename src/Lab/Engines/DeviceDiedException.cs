namespace MulticastLab.Lab.Engines;

/// <summary>A node's daemon has ended unexpectedly. The command line's exit code 6.</summary>
public sealed class DeviceDiedException : Exception
{
    /// <summary>The daemon's end.</summary>
    /// <param name="node">The node.</param>
    /// <param name="daemon">The daemon's name.</param>
    /// <param name="logTail">The last lines of the node's log.</param>
    public DeviceDiedException(string node, string daemon, string logTail)
        : base($"{node}: {daemon} has died. The end of the node's log:\n{logTail}")
    {
        Node = node;
        Daemon = daemon;
    }

    /// <summary>The same, rethrown.</summary>
    internal DeviceDiedException(DeviceDiedException first)
        : base(first.Message, first)
    {
        Node = first.Node;
        Daemon = first.Daemon;
    }

    /// <summary>The node.</summary>
    public string Node { get; }

    /// <summary>The daemon's name.</summary>
    public string Daemon { get; }
}
