using FluentAssertions;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.Linux.Multicast;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>The kernel's tables, as text of a running kernel (6.18), held against what the agent has asked for.</summary>
public sealed class KernelStateTests
{
    private static readonly string[] Igmp =
    [
        "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter",
        "1\tlo        :     1      V3",
        "\t\t\t\t010000E0     1 0:00000000\t\t0",
        "3\teth0      :     3      V3",
        "\t\t\t\t020101EF     2 0:00000000\t\t0",
        "\t\t\t\t010101EF     1 0:00000000\t\t0",
        "\t\t\t\t010000E0     1 0:00000000\t\t0",
    ];

    private static readonly string[] Filters =
    [
        "Idx Device        MCA        SRC    INC    EXC",
        "  3   eth0 0xef010101 0x0a000009      1      0",
        "  3   eth0 0xef010102 0x0a000008      0      2",
        "  4   eth1 0xef010101 0x0a000007      1      0",
    ];

    private static readonly Address First = Address.Parse("239.1.1.1");
    private static readonly Address Second = Address.Parse("239.1.1.2");

    [Fact]
    public void The_tables_are_read_for_one_interface()
    {
        var kernel = KernelMemberships.Parse("eth0", Igmp, Filters);

        kernel.Version.Should().Be(3);
        KernelMemberships
            .Parse("eth0", [.. Igmp[..3], Igmp[3].Replace("V3", "V2", StringComparison.Ordinal)], Filters)
            .Version.Should()
            .Be(2);
        kernel
            .Users.Should()
            .Equal(new Dictionary<Address, int> { [Second] = 2, [First] = 1, [Address.Parse("224.0.0.1")] = 1 });
        kernel
            .Sources.Should()
            .Equal(
                new Dictionary<(Address, Address), SourceUse>
                {
                    [(First, Address.Parse("10.0.0.9"))] = new(1, 0),
                    [(Second, Address.Parse("10.0.0.8"))] = new(0, 2),
                });
    }

    [Fact]
    public void What_the_kernel_holds_otherwise_is_told()
    {
        var kernel = KernelMemberships.Parse("eth0", Igmp, Filters);

        Differences(First, FilterMode.Include, "10.0.0.9").Should().BeEmpty();
        Differences(Second, FilterMode.Exclude, "10.0.0.8").Should().BeEmpty();
        Differences(Second, FilterMode.Exclude).Should().BeEmpty("another program may exclude more");
        Differences(First, FilterMode.Exclude, "10.0.0.9").Should().Equal("239.1.1.1 from 10.0.0.9 is not in /proc/net/mcfilter");
        Differences(First, FilterMode.Include, "10.0.0.9", "10.0.0.7")
            .Should()
            .Equal("239.1.1.1 from 10.0.0.7 is not in /proc/net/mcfilter");
        Differences(Address.Parse("239.1.1.3"), FilterMode.Exclude).Should().Equal("239.1.1.3 is not in /proc/net/igmp");

        IReadOnlyList<string> Differences(Address group, FilterMode mode, params string[] sources) =>
            KernelStack.Differences([new ReceptionState(group, SourceFilter.Of(mode, sources.Select(Address.Parse)))], kernel);
    }
}
