using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// The kernel's own source validation, <c>rp_filter</c>, drops packets before multicast routing sees them. That it has dropped some while
/// the router runs is reported once.
/// </summary>
internal sealed class ReversePathFilterHint : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly Action<long, IReadOnlyList<string>> dropped;
    private readonly LoopTimer timer;
    private readonly HashSet<string> strict = [];
    private long? droppedBefore;
    private bool told;

    /// <summary>A watch that has not begun.</summary>
    /// <param name="loop">Where it runs.</param>
    /// <param name="dropped">Told once how many packets were dropped, and the interfaces where the check is on.</param>
    public ReversePathFilterHint(EventLoop loop, Action<long, IReadOnlyList<string>> dropped)
    {
        this.dropped = dropped;
        timer = loop.AddTimer(Look);
    }

    /// <summary>An interface was added to or removed from forwarding.</summary>
    public void Follow(string name, bool takesPart)
    {
        if (takesPart && Mode(name) != 0)
            strict.Add(name);
        else
            strict.Remove(name);
        if (strict.Count == 0 || told)
            return;
        droppedBefore ??= Dropped();
        timer.Set(KernelClock.Monotonic + Pace);
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => timer.Dispose();

    /// <summary>
    /// The packets that rp_filter has dropped in this namespace: <c>IPReversePathFilter</c> of two lines, names and values.
    /// </summary>
    public static long? Dropped(IEnumerable<string> netstat)
    {
        string[]? names = null;
        foreach (var line in netstat)
        {
            if (!line.StartsWith("TcpExt:", StringComparison.Ordinal))
                continue;
            var words = line.Split(' ');
            if (names is null)
                names = words;
            else if (Array.IndexOf(names, "IPReversePathFilter") is var at and >= 0 && at < words.Length)
                return long.Parse(words[at], System.Globalization.CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static long? Dropped() => Dropped(File.ReadLines("/proc/thread-self/net/netstat"));

    // The stricter of the two applies.
    private static long Mode(string name)
    {
        try
        {
            return Math.Max(
                new KernelSetting("net/ipv4/conf/all/rp_filter").Read(), new KernelSetting($"net/ipv4/conf/{name}/rp_filter").Read());
        }
        catch (LinuxException)
        {
            // Gone again, or no /proc/sys here.
            return 0;
        }
    }

    private void Look()
    {
        if (strict.Count == 0 || droppedBefore is not { } before)
            return;
        if (Dropped() is { } now && now > before)
        {
            dropped(now - before, [.. strict.Order(StringComparer.Ordinal)]);
            told = true;
            return;
        }

        timer.Set(KernelClock.Monotonic + Pace);
    }
}
