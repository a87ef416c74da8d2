using MulticastLab.Daemon.Metrics;

namespace MulticastLab.Router.Metrics;

/// <summary>The figures behind the metrics, at one instant: taken on the router's loop, so nothing in it changes any more.</summary>
internal sealed record RouterFigures
{
    /// <summary>The interfaces, in configuration order.</summary>
    public required IReadOnlyList<InterfaceFigures> Interfaces { get; init; }

    /// <summary>The figures that every daemon has.</summary>
    public required DaemonFigures Daemon { get; init; }

    /// <summary>Data packets received on another interface than their forwarding entry's.</summary>
    public long WrongInterface { get; init; }
}

/// <summary>The figures of one interface.</summary>
internal sealed record InterfaceFigures
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is served.</summary>
    public bool Up { get; init; }

    /// <summary>Whether this router is the querier there.</summary>
    public bool IsQuerier { get; init; }

    /// <summary>How many groups have members.</summary>
    public int Groups { get; init; }

    /// <summary>How many source records there are.</summary>
    public int Sources { get; init; }

    /// <summary>How many timers run.</summary>
    public int Timers { get; init; }

    /// <summary>Messages taken, by kind.</summary>
    public IReadOnlyDictionary<string, long> Received { get; init; } = new Dictionary<string, long>();

    /// <summary>Messages sent, by kind.</summary>
    public IReadOnlyDictionary<string, long> Sent { get; init; } = new Dictionary<string, long>();

    /// <summary>What was refused, by cause.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>Packets that the kernel dropped for lack of buffer space.</summary>
    public long KernelDropped { get; init; }

    /// <summary>From when a query was due to when it was sent.</summary>
    public required HistogramFigures QueryLatency { get; init; }

    /// <summary>From the kernel's timestamp of a report to when it was handled.</summary>
    public required HistogramFigures ReportLatency { get; init; }
}
