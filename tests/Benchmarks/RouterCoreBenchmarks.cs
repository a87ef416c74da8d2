using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks;

/// <summary>What the router core costs per message, and per group in memory. Decoding of the message is included.</summary>
internal static class RouterCoreBenchmarks
{
    public static IEnumerable<Row> Run()
    {
        foreach (var count in new[] { 100, 1_000, 10_000, 100_000 })
        {
            var groups = Reports.Groups(count);
            var refreshes = Reports.PacketsOf(RecordType.IsExclude, groups);
            var joins = Reports.PacketsOf(RecordType.ToExclude, groups);
            var leaves = Reports.PacketsOf(RecordType.ToInclude, groups);
            var rounds = Math.Max(1, 100_000 / count);

            var (router, now) = NewRouter();
            Feed(router, joins, now);
            yield return Bench.PerOperation($"refresh IS_EX{{}}, {count:N0} groups", rounds * count, _ =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    now += TimeSpan.FromMilliseconds(1);
                    Feed(router, refreshes, now);
                }
            }, "≤ 300 ns, 0 bytes");

            var older = Reports.Version2PacketsOf(groups);
            yield return Bench.PerOperation($"refresh version 2 report, {count:N0} groups", rounds * count, _ =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    now += TimeSpan.FromMilliseconds(1);
                    Feed(router, older, now);
                }
            }, "≤ 300 ns, 0 bytes");

            yield return Fresh($"new join TO_EX{{}}, {count:N0} groups", count, rounds, static _ => { }, joins, "≤ 2,000 ns");
            yield return Fresh($"leave TO_IN{{}} with its queries and expiry, {count:N0} groups", count, rounds,
                fresh => Feed(fresh, joins, Instant.Epoch), leaves, "≤ 2,000 ns", TimeSpan.FromSeconds(5));
        }

        yield return BytesPer("memory per group (EXCLUDE{})", 100_000, RecordType.ToExclude, 100_000, 0, "≤ 1,024 bytes");
        yield return BytesPer("memory per (S,G), 1,000 groups × 10 sources", 10_000, RecordType.Allow, 1_000, 10, "≤ 400 bytes");

        var many = Reports.PacketOf(Reports.Of(RecordType.IsInclude, Reports.Groups(1), 5_000));
        var (one, time) = NewRouter();
        Feed(one, [many], time);
        yield return Bench.PerOperation("refresh IS_IN, 1 group × 5,000 sources, per source", 500_000, _ =>
        {
            for (var i = 0; i < 100; i++)
                Feed(one, [many], time += TimeSpan.FromMilliseconds(1));
        }, "flat");
    }

    private static Row Fresh(
        string name, int count, int rounds, Action<RouterInterface> prepare, byte[][] packets, string aim, TimeSpan? after = null)
    {
        var figures = new double[5];
        for (var run = -1; run < figures.Length; run++)
        {
            var routers = Enumerable.Range(0, rounds).Select(_ => NewRouter().Router).ToArray();
            foreach (var router in routers)
                prepare(router);
            GC.Collect();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            foreach (var router in routers)
            {
                Feed(router, packets, Instant.Epoch);
                if (after is { } later)
                    router.Advance(Instant.Epoch + later);
            }

            if (run >= 0)
                figures[run] = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalNanoseconds / (rounds * (double)count);
        }

        return Bench.Of(name, figures, "ns", null, aim);
    }

    private static Row BytesPer(string name, int things, RecordType type, int groups, int sources, string aim)
    {
        var packets = Reports.PacketsOf(type, Reports.Groups(groups), sources);
        var figures = new double[3];
        for (var run = 0; run < figures.Length; run++)
        {
            var (router, now) = NewRouter();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            Feed(router, packets, now);
            figures[run] = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)things;
            GC.KeepAlive(router);
        }

        return Bench.Of(name, figures, "bytes", null, aim);
    }

    private static (RouterInterface Router, Instant Now) NewRouter()
    {
        var router = new RouterInterface("eth0", Dialect.Igmp, new RouterSettings());
        router.LinkUp(Address.Parse("10.0.0.1"), Instant.Epoch);
        return (router, Instant.Epoch);
    }

    private static void Feed(RouterInterface router, byte[][] packets, Instant now)
    {
        foreach (var bytes in packets)
        {
            if (Dialect.Igmp.TryRead(bytes, out var message) != PacketError.None)
                throw new InvalidOperationException("The benchmark's own report was rejected.");
            router.Receive(message, now);
        }
    }
}
