using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Shared;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Hosts of older versions on a simulated LAN hear each other.</summary>
public sealed class SimulatedOlderHostTests : IDisposable
{
    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData(1, IgmpType.V1MembershipReport)]
    [InlineData(2, IgmpType.V2MembershipReport)]
    [Shows("V3-X-3-03")]
    public async Task One_of_two_hosts_of_an_older_version_answers_each_query(int version, IgmpType report)
    {
        bench.WithRouterAndHosts();
        foreach (var host in new[] { "h1", "h2" })
            bench.With(
                $"{host}.startup",
                File.ReadAllText(bench.PathOf($"{host}.startup"))
                    .Replace("run ", $"run --igmp-version {version} ", StringComparison.Ordinal));
        var lab = await bench.Started();
        foreach (var host in new[] { "h1", "h2" })
            await lab.Listen(host, G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(20), Cancellation);
        var before = lab.Frames.Count;

        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1000), Cancellation);

        // On the hosts' LAN: queries of the start, then every 125 s; each is answered once by a host, and by the router for its own group.
        var messages = lab
            .Frames.Skip(before)
            .Where(frame => frame.Lan == "A")
            .Select(TypeOf)
            .Where(type => type != IgmpType.V3MembershipReport)
            .ToList();
        messages.Count(type => type == IgmpType.MembershipQuery).Should().BeInRange(8, 9);
        messages.Should().OnlyContain(type => type == IgmpType.MembershipQuery || type == report);
        messages.Count(type => type == report).Should().Be(messages.Count(type => type == IgmpType.MembershipQuery));
    }

    private static IgmpType TypeOf(LabFrame frame)
    {
        IgmpPacket.TryRead(frame.Bytes.Span[14..], out var packet).Should().Be(PacketError.None);
        return packet.Type;
    }
}
