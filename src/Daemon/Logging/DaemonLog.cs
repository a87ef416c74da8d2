using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Logging;

/// <summary>
/// One line per event on stderr: <c>2026-03-01T12:00:00.123456Z info eth0: querier 10.0.0.1 (this router)</c>, or the same as a JSON
/// object. For operators; programs ask over the control socket.
/// </summary>
/// <remarks>
/// Logging never blocks (<see cref="LogWriter"/>), and no single cause fills the disk (<see cref="LogThrottle"/>). Safe from any thread.
/// </remarks>
public sealed class DaemonLog : IDisposable
{
    private static readonly string[] LevelNames = ["debug", "info", "warning", "error"];

    private readonly Lock gate = new();
    private readonly string program;
    private readonly LogOptions options;
    private readonly Func<Instant> now;
    private readonly LogWriter writer;
    private readonly LogThrottle throttle = new();
    private readonly long[] written = new long[LevelNames.Length];

    /// <summary>A log.</summary>
    /// <param name="program">The program's name, which is the subject of what concerns it as a whole: router, hostagent.</param>
    /// <param name="output">Where the lines go; null to discard them.</param>
    /// <param name="now">The present time since the Unix epoch.</param>
    /// <param name="options">What is written, and how.</param>
    public DaemonLog(string program, FileDescriptor? output, Func<Instant> now, LogOptions? options = null)
    {
        this.program = program;
        this.now = now;
        this.options = options ?? new LogOptions();
        writer = new LogWriter(output, (count, why) => Format(LogLevel.Warning, "log", $"{count} lines lost: {why}", 0));
    }

    /// <summary>Whether lines of this level are written: to be checked before a text is built at some cost.</summary>
    public bool Writes(LogLevel level) => level >= options.Level;

    /// <summary>For finding out why.</summary>
    public void Debug(string subject, string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Debug, subject, text, file, line);

    /// <summary>Something has happened that an operator wants to know.</summary>
    public void Info(string subject, string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Info, subject, text, file, line);

    /// <summary>Something went wrong, and the daemon goes on.</summary>
    public void Warning(string subject, string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Warning, subject, text, file, line);

    /// <summary>Something went wrong, and the daemon cannot go on, or not as it was configured.</summary>
    public void Error(string subject, string text, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
        Write(LogLevel.Error, subject, text, file, line);

    /// <summary>
    /// The line that whoever started the daemon waits for, whatever the level; as text it has no time and level: <c>router: ready</c>.
    /// </summary>
    public void Ready() =>
        writer.Write(options.Format == LogFormat.Json ? Format(LogLevel.Info, program, "ready", 0) : Line($"{program}: ready"));

    /// <summary>
    /// How many lines were written, suppressed because their cause was too frequent, and lost because they could not be written.
    /// </summary>
    public LogFigures Figures()
    {
        lock (gate)
            return new LogFigures([.. LevelNames.Select((name, i) => (name, written[i]))], throttle.Suppressed, writer.Lost);
    }

    /// <summary>Reports what was suppressed, and waits at most a second for everything to be written.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (subject, count) in throttle.Untold())
                writer.Write(Format(LogLevel.Info, subject, "ends with lines left out", count));
        }

        writer.Dispose();
    }

    /// <summary>An instant since the Unix epoch as RFC 3339 text with microseconds.</summary>
    public static string Format(Instant instant) =>
        DateTime.UnixEpoch.AddTicks(instant.Nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ") + "\n");

    private void Write(LogLevel level, string subject, string text, string file, int line)
    {
        if (!Writes(level))
            return;
        lock (gate)
        {
            if (!throttle.Passes(file, line, subject, now(), out var before))
                return;
            written[(int)level]++;
            writer.Write(Format(level, subject, text, before));
        }
    }

    private byte[] Format(LogLevel level, string subject, string text, long suppressed)
    {
        var leftOut = suppressed > 0 ? $" ({suppressed} like this left out)" : "";
        if (options.Format == LogFormat.Plain)
            return Line($"{program}: {text}{leftOut}");
        var (time, name) = (Format(now()), LevelNames[(int)level]);
        if (options.Format == LogFormat.Text)
            return Line($"{time} {name} {subject}: {text}{leftOut}");
        // By hand: the first line is written on the way to "ready", which is not to wait for the serializer's metadata.
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("level", name);
            json.WriteString("subject", subject);
            json.WriteString("message", text);
            if (suppressed > 0)
                json.WriteNumber("suppressed", suppressed);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What the log has done so far.</summary>
/// <param name="Written">Lines by level.</param>
/// <param name="Suppressed">Lines suppressed because their cause was too frequent.</param>
/// <param name="Lost">Lines that could not be written.</param>
public sealed record LogFigures(IReadOnlyList<(string Level, long Count)> Written, long Suppressed, long Lost);
