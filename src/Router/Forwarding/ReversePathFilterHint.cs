using MulticastLab.Linux.Posix;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Forwarding;

/// <summary>
/// The kernel's own check of sources, <c>rp_filter</c>, drops packets before multicast routing sees them. Once it has dropped some while
/// the router runs, the log says so and how to have it otherwise.
/// </summary>
internal sealed class ReversePathFilterHint : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly RouterLog log;
    private readonly LoopTimer timer;
    private readonly HashSet<string> strict = [];
    private long? droppedBefore;
    private bool told;

    /// <summary>A watch that has not begun.</summary>
    public ReversePathFilterHint(EventLoop loop, RouterLog log)
    {
        this.log = log;
        timer = loop.AddTimer(Look);
    }

    /// <summary>An interface takes part in forwarding, or no longer.</summary>
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

    /// <summary>The packets that rp_filter has dropped in this namespace: <c>IPReversePathFilter</c> of two lines, names and values.</summary>
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

    // The stricter of the two counts.
    private static long Mode(string name)
    {
        try
        {
            return Math.Max(new KernelSetting("net/ipv4/conf/all/rp_filter").Read(), new KernelSetting($"net/ipv4/conf/{name}/rp_filter").Read());
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
            log.Warning("forwarding", $"the kernel's rp_filter has dropped {now - before} packets before they could be forwarded, because their source has no route back "
                + $"through the interface where they came in ({string.Join(", ", strict.Order(StringComparer.Ordinal))}); where that is meant to be, "
                + "set net.ipv4.conf.all.rp_filter and the interface's to 0: this router checks the way back itself");
            told = true;
            return;
        }

        timer.Set(KernelClock.Monotonic + Pace);
    }
}
