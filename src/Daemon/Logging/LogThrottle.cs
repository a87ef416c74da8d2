using MulticastLab.Packets;

namespace MulticastLab.Daemon.Logging;

/// <summary>
/// Keeps one cause from filling the disk: of the lines that one place of the program says about one subject, <see cref="Burst"/> pass at
/// once, then one every <see cref="Every"/>. What others do to this router, such as forged queries, must not be able to write as it likes.
/// </summary>
internal sealed class LogThrottle
{
    /// <summary>How many lines of a cause pass one after the other.</summary>
    public const int Burst = 20;

    /// <summary>After how long one more passes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Place, Cause> causes = [];

    /// <summary>How many lines did not pass.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Whether a line may pass now.</summary>
    /// <param name="file">The place that says it: its file.</param>
    /// <param name="line">The place that says it: its line.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="now">The present.</param>
    /// <param name="before">How many of this cause did not pass since the last one that did.</param>
    public bool Passes(string file, int line, string subject, Instant now, out long before)
    {
        var place = new Place(file, line, subject);
        if (!causes.TryGetValue(place, out var cause))
            causes.Add(place, cause = new Cause(now));
        if (cause.Take(now))
        {
            before = cause.Suppressed;
            cause.Suppressed = 0;
            return true;
        }

        before = 0;
        cause.Suppressed++;
        Suppressed++;
        return false;
    }

    /// <summary>What has not been told yet of lines that did not pass: subject and count.</summary>
    public IEnumerable<(string Subject, long Count)> Untold()
    {
        foreach (var (place, cause) in causes)
        {
            if (cause.Suppressed > 0)
                yield return (place.Subject, cause.Suppressed);
        }
    }

    private sealed record Place(string File, int Line, string Subject);

    // A bucket that leaks one line every so often. The clock of the day may be set: then it is as if nothing had been said.
    private sealed class Cause(Instant since)
    {
        private Instant since = since;
        private int said;

        public long Suppressed { get; set; }

        public bool Take(Instant now)
        {
            var passed = now < since ? Burst : (now - since) / Every;
            if (passed >= 1)
            {
                said = Math.Max(0, said - (int)Math.Min(passed, Burst));
                since = now;
            }

            if (said >= Burst)
                return false;
            said++;
            return true;
        }
    }
}
