using MulticastLab.Packets;

namespace MulticastLab.Daemon.Logging;

/// <summary>
/// Keeps one cause from filling the disk: of the lines that one place in the program logs about one subject, <see cref="Burst"/> pass at
/// once, then one every <see cref="Every"/>. Others, with forged queries for example, must not be able to fill the log at will.
/// </summary>
internal sealed class LogThrottle
{
    /// <summary>How many lines of one cause pass in a burst.</summary>
    public const int Burst = 20;

    /// <summary>The interval after which one more passes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Place, Cause> causes = [];

    /// <summary>How many lines did not pass.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Whether a line may pass now.</summary>
    /// <param name="file">The place that says it: its file.</param>
    /// <param name="line">The place that says it: its line.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="now">The present.</param>
    /// <param name="before">How many of this cause were suppressed since the last one that passed.</param>
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

    /// <summary>What has not been reported yet of lines that did not pass: subject and count.</summary>
    public IEnumerable<(string Subject, long Count)> Untold()
    {
        foreach (var (place, cause) in causes)
        {
            if (cause.Suppressed > 0)
                yield return (place.Subject, cause.Suppressed);
        }
    }

    private sealed record Place(string File, int Line, string Subject);

    // A bucket that leaks one line every so often. The wall clock may be set: then it is as if nothing had been logged.
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
