namespace MulticastLab.Daemon.Logging;

/// <summary>The severity of a log line.</summary>
public enum LogLevel
{
    /// <summary>For finding out why: messages that were refused, commands that came.</summary>
    Debug,

    /// <summary>What an operator wants to know.</summary>
    Info,

    /// <summary>Something went wrong, and the daemon goes on.</summary>
    Warning,

    /// <summary>Something went wrong, and the daemon cannot go on, or not as it was configured.</summary>
    Error,
}

/// <summary>What a line of the log looks like.</summary>
public enum LogFormat
{
    /// <summary><c>2026-03-01T12:00:00.123456Z info eth0: querier 10.0.0.1</c>.</summary>
    Text,

    /// <summary><c>hostagent: eth0 is down</c>: for a human reader, without time and level.</summary>
    Plain,

    /// <summary><c>{"time":…,"level":…,"subject":…,"message":…}</c>, one object per line.</summary>
    Json,
}

/// <summary>What the log says, and how.</summary>
public sealed record LogOptions
{
    /// <summary>The lowest level that is written.</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>The form of a line.</summary>
    public LogFormat Format { get; init; }
}
