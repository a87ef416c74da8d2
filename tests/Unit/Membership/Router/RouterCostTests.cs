using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Memory is counted for the whole process, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;

/// <summary>What may be held without a clock: allocations and memory. Times are measured by the benchmarks.</summary>
[Collection(nameof(MeasuredAlone))]
public abstract class RouterCostTests(Vocabulary words) : CoreTests(words)
{
    private readonly Envelope fromHost = new(words.Host1, words.Dialect.ReportDestination, 1, true);

    [Theory]
    [InlineData(RecordType.IsExclude, RecordType.IsExclude, 0)]
    [InlineData(RecordType.ToExclude, RecordType.ToExclude, 0)]
    [InlineData(RecordType.IsInclude, RecordType.IsInclude, 3)]
    [InlineData(RecordType.Allow, RecordType.Allow, 3)]
    [InlineData(RecordType.IsExclude, RecordType.IsExclude, 3)]
    [InlineData(RecordType.Allow, RecordType.IsInclude, 300)]
    public void A_refresh_allocates_nothing(RecordType joined, RecordType refresh, int sources)
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings());
        core.LinkUp(Named("10.0.0.1"), Instant.Epoch);
        var join = Record(joined, sources);
        var again = Record(refresh, sources);
        core.Receive(fromHost, new Report(join, 1, Words.AddressLength), Instant.Epoch);
        core.Receive(fromHost, new Report(again, 1, Words.AddressLength), new Instant(1));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 102; i++)
        {
            core.Receive(fromHost, new Report(again, 1, Words.AddressLength), new Instant(i));
            _ = core.NextDue;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        core.GroupCount.Should().Be(1);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(2, 2)]
    public void A_refresh_in_an_older_version_allocates_nothing(int version, int configured)
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings { Version = Version(configured) });
        core.LinkUp(Named("10.0.0.1"), Instant.Epoch);
        var report = new GroupMessage(GroupMessageKind.Report, Dialect.GenerationOf(Version(version)), Named("239.1.1.1"));
        core.Receive(fromHost, report, Instant.Epoch);
        core.Receive(fromHost, report, new Instant(1));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 102; i++)
        {
            core.Receive(fromHost, report, new Instant(i));
            _ = core.NextDue;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
        core.GroupCount.Should().Be(1);
    }

    [Fact]
    public void A_group_of_older_members_takes_less_than_600_bytes() => (
            Grown(core =>
            {
                for (var i = 0; i < 20_000; i++)
                    core.Receive(
                        fromHost, new GroupMessage(GroupMessageKind.Report, Generation.Leaves, Named(0xEF00_0000 + (uint)i + 1)),
                        Instant.Epoch);
            }) / 20_000
        ).Should().BeLessThan(600);

    [Fact]
    public void A_group_takes_less_than_400_bytes() => (Grown(core => Join(core, 20_000, sources: 0)) / 20_000).Should().BeLessThan(400);

    [Fact]
    public void A_source_of_a_group_takes_less_than_400_bytes() =>
        (Grown(core => Join(core, 2000, sources: 10)) / 20_000).Should().BeLessThan(400);

    [Fact]
    public void A_source_of_a_group_with_many_takes_less_than_400_bytes() =>
        (Grown(core => Join(core, 4, sources: 5000)) / 20_000).Should().BeLessThan(400);

    [Fact]
    public void Groups_that_are_gone_leave_nothing_behind()
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings());
        core.LinkUp(Named("10.0.0.1"), Instant.Epoch);
        Join(core, 1000, sources: 3);
        core.Advance(Instant.Epoch + TimeSpan.FromSeconds(270));

        core.GroupCount.Should().Be(0);
        core.Advance(core.NextDue).Should().ContainSingle("only the General Query is left").Which.Should().BeOfType<SendQuery>();
    }

    private long Grown(Action<RouterInterface> join)
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings());
        core.LinkUp(Named("10.0.0.1"), Instant.Epoch);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        join(core);
        core.Advance(Instant.Epoch);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(core);
        return after - before;
    }

    private void Join(RouterInterface core, int groups, int sources)
    {
        var record = Record(sources == 0 ? RecordType.IsExclude : RecordType.Allow, sources);
        for (var i = 0; i < groups; i++)
        {
            Named(0xEF00_0000 + (uint)i + 1).Write(record.AsSpan(4));
            core.Receive(fromHost, new Report(record, 1, Words.AddressLength), Instant.Epoch);
        }
    }

    private byte[] Record(RecordType type, int sources)
    {
        var record = new byte[4 + (Words.AddressLength * (sources + 1))];
        record[0] = (byte)type;
        record[2] = (byte)(sources >> 8);
        record[3] = (byte)sources;
        Named("239.1.1.1").Write(record.AsSpan(4));
        for (var i = 0; i < sources; i++)
            Named((192u << 24) + (2 << 8) + (uint)i).Write(record.AsSpan(4 + (Words.AddressLength * (i + 1))));
        return record;
    }

    public sealed class Igmp() : RouterCostTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData(3)]
        [InlineData(1)]
        public void A_refresh_of_version_1_allocates_nothing(int configured) =>
            A_refresh_in_an_older_version_allocates_nothing(1, configured);
    }

    public sealed class Mld() : RouterCostTests(Vocabulary.Mld);
}
