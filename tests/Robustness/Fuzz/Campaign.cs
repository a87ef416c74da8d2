using System.Diagnostics;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>What a campaign has come to.</summary>
/// <param name="Inputs">How many inputs were fed.</param>
/// <param name="Elapsed">In which time.</param>
/// <param name="MostMemory">The most by which the managed heap had grown after an episode, in bytes.</param>
/// <param name="Findings">What was found; one per area at most, as the second mostly is the first.</param>
internal sealed record CampaignResult(long Inputs, TimeSpan Elapsed, long MostMemory, IReadOnlyList<Finding> Findings);

/// <summary>Many episodes on all processors, watched: an input that takes ten seconds is a finding as well.</summary>
internal sealed class Campaign(int seed, long inputs, IReadOnlyList<FuzzArea> areas, int processors)
{
    /// <summary>Inputs per episode.</summary>
    public const int EpisodeLength = 5_000;

    /// <summary>What the heap may hold: a target and its episode are some hundred kilobytes.</summary>
    public const long MemoryLimit = 256 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<Finding> findings = [];
    private readonly Queue<Episode> waiting = new();
    private long fed;
    private long memoryBefore;
    private long mostMemory;

    public CampaignResult Run()
    {
        Plan();
        // What other tests hold in the same process is not the campaign's.
        memoryBefore = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, processors).Select(_ => new Worker(this)).ToList();
        foreach (var worker in workers)
        {
            while (!worker.Ended(TimeSpan.FromSeconds(1)))
            {
                if (workers.Find(each => each.IsStuck) is { Episode: { } stuck })
                    return Result(
                        start, new Finding(stuck, stuck.At, new TimeoutException($"one input takes more than {Patience.TotalSeconds} s")));
            }
        }

        return Result(start, null);
    }

    private CampaignResult Result(long start, Finding? stuck) =>
        new(fed, Stopwatch.GetElapsedTime(start), mostMemory, stuck is null ? findings : [.. findings, stuck]);

    // The areas take turns, so that a campaign that is cut short has seen all of them.
    private void Plan()
    {
        var total = areas.Sum(each => each.Share);
        var queues = areas.Select(area => new Queue<Episode>(Episodes(area, inputs * area.Share / total))).ToList();
        while (queues.Any(each => each.Count > 0))
        {
            foreach (var queue in queues)
            {
                if (queue.TryDequeue(out var episode))
                    waiting.Enqueue(episode);
            }
        }
    }

    private IEnumerable<Episode> Episodes(FuzzArea area, long left)
    {
        for (var number = 0; left > 0; number++, left -= EpisodeLength)
            yield return new Episode(area, seed, number, (int)Math.Min(EpisodeLength, left));
    }

    private Episode? Next()
    {
        lock (waiting)
            return waiting.TryDequeue(out var episode) ? episode : null;
    }

    private void Done(Episode episode, Finding? finding)
    {
        lock (waiting)
        {
            fed += episode.At;
            mostMemory = Math.Max(mostMemory, GC.GetTotalMemory(forceFullCollection: false) - memoryBefore);
            if (finding is not null && findings.All(each => each.Episode.Area != episode.Area))
                findings.Add(finding);
        }
    }

    private sealed class Worker
    {
        private readonly Thread thread;
        private (Episode? Episode, int At, long Since) seen;

        public Worker(Campaign campaign)
        {
            thread = new Thread(() =>
            {
                while (campaign.Next() is { } episode)
                {
                    Episode = episode;
                    campaign.Done(episode, episode.Play());
                }

                Episode = null;
            })
            { IsBackground = true, Name = "fuzz" };
            thread.Start();
        }

        public Episode? Episode { get; private set; }

        /// <summary>Whether the same input as at the first of these questions is still being fed after the time of patience.</summary>
        public bool IsStuck
        {
            get
            {
                var episode = Episode;
                if (episode is null || (episode, episode.At) != (seen.Episode, seen.At))
                    seen = (episode, episode?.At ?? 0, Stopwatch.GetTimestamp());
                return episode is not null && Stopwatch.GetElapsedTime(seen.Since) > Patience;
            }
        }

        public bool Ended(TimeSpan patience) => thread.Join(patience);
    }
}
