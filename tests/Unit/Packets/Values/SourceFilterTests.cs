using FluentAssertions;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Packets.Values;

/// <summary>A filter as a value. How sockets merge into an interface is shown at the host (SocketStateTests).</summary>
public sealed class SourceFilterTests
{
    // RFC 3678 §4.1.3: sources are added and dropped in INCLUDE mode, unblocked and blocked in EXCLUDE mode.
    [Fact]
    public void Allow_and_block_act_by_the_mode()
    {
        Include("10.0.0.1").Allowing(Sources("10.0.0.2", "10.0.0.1")).Should().Be(Include("10.0.0.1", "10.0.0.2"));
        Include("10.0.0.1").Blocking(Sources("10.0.0.1")).Should().Be(SourceFilter.None);
        Exclude("10.0.0.1").Allowing(Sources("10.0.0.1")).Should().Be(SourceFilter.AnySource);
        Exclude().Blocking(Sources("10.0.0.2", "10.0.0.1")).Should().Be(Exclude("10.0.0.1", "10.0.0.2"));
    }

    [Fact]
    public void Sources_are_in_order_and_each_is_there_once()
    {
        Include("10.0.0.3", "10.0.0.1", "10.0.0.3").ToString().Should().Be("INCLUDE {10.0.0.1, 10.0.0.3}");
        Exclude("10.0.0.3").Blocking(Sources("10.0.0.1", "10.0.0.3")).ToString().Should().Be("EXCLUDE {10.0.0.1, 10.0.0.3}");
        Include("10.0.0.1").Should().NotBe(Exclude("10.0.0.1")).And.NotBe(Include("10.0.0.2"));
    }

    // RFC 9776 §3.1.
    [Fact]
    public void INCLUDE_wants_what_is_listed_and_EXCLUDE_what_is_not()
    {
        var (listed, other) = (Address.Parse("10.0.0.1"), Address.Parse("10.0.0.2"));

        (Include("10.0.0.1").Wants(listed), Include("10.0.0.1").Wants(other)).Should().Be((true, false));
        (Exclude("10.0.0.1").Wants(listed), Exclude("10.0.0.1").Wants(other)).Should().Be((false, true));
        (SourceFilter.None.Wants(other), SourceFilter.AnySource.Wants(other)).Should().Be((false, true));
    }

    private static SourceFilter Include(params string[] sources) => SourceFilter.Of(FilterMode.Include, Sources(sources));

    private static SourceFilter Exclude(params string[] sources) => SourceFilter.Of(FilterMode.Exclude, Sources(sources));

    private static Address[] Sources(params string[] sources) => [.. sources.Select(Address.Parse)];
}
