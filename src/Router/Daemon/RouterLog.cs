using System.Globalization;
using System.Text;
using MulticastLab.Packets;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// One line per happening on stderr: <c>2026-03-01T12:00:00.123456Z info eth0: querier 10.0.0.1 (this router)</c>. For people; state is
/// for <c>router show</c> and changes are for <c>router events</c>.
/// </summary>
/// <param name="output">Where the lines go.</param>
/// <param name="now">The present time since the Unix epoch.</param>
internal sealed class RouterLog(Stream output, Func<Instant> now)
{
    /// <summary>Something has happened that an operator wants to know.</summary>
    public void Info(string subject, string text) => Write("info", subject, text);

    /// <summary>Something went wrong, and the router goes on.</summary>
    public void Warning(string subject, string text) => Write("warning", subject, text);

    /// <summary>The one line without time and level that whoever started the router waits for.</summary>
    public void Ready() => WriteLine("router: ready");

    /// <summary>An instant since the Unix epoch as RFC 3339 text with microseconds.</summary>
    public static string Format(Instant instant) =>
        DateTime.UnixEpoch.AddTicks(instant.Nanoseconds / 100).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private void Write(string level, string subject, string text) => WriteLine($"{Format(now())} {level} {subject}: {text}");

    // Console would set up encodings and locks that a single thread does not need before its first query is out.
    private void WriteLine(string line) => output.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
