using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>What is written is read again, for random messages; and what cannot be written is refused.</summary>
public sealed class RoundTripTests
{
    [Fact]
    [Shows("V3-M-4.1.10-04", "V3-M-4.1.8-02")]
    public void Queries_survive_the_wire() =>
        Prop.ForAll(
                MessageGenerators.Queries.ToArbitrary(),
                query =>
                {
                    IgmpPacket.TryRead(Packet.Query(query), out var packet).Should().Be(PacketError.None);
                    packet.Query.ToContent().Should().BeEquivalentTo(query, options => options.WithStrictOrdering());
                    packet
                        .Message.Bytes.Length.Should()
                        .Be(!query.Generation.HasSources ? 8 : 12 + (4 * query.Sources.Count))
                        .And.Be(IgmpWriter.QueryLength(query))
                        .And.Be(packet.Message.DefinedLength);
                })
            .Holds();

    [Fact]
    [Shows("V3-M-4.2.12-02", "V3-M-4.2.11-01")]
    public void Reports_survive_the_wire() =>
        Prop.ForAll(
                MessageGenerators.Reports.ToArbitrary(),
                report =>
                {
                    IgmpPacket.TryRead(Packet.Report(report), out var packet).Should().Be(PacketError.None);
                    packet.Report.ToContent().Should().BeEquivalentTo(report, options => options.WithStrictOrdering());
                    packet
                        .Message.Bytes.Length.Should()
                        .Be(8 + report.Records.Sum(each => 8 + (4 * each.Sources.Count)))
                        .And.Be(IgmpWriter.ReportLength(report))
                        .And.Be(packet.Message.DefinedLength);
                })
            .Holds();

    // RFC 9776 §8.8, and RFC 2236 §2.2 where the code is linear.
    [Theory]
    [InlineData(3, 12.7, 12.7)]
    [InlineData(3, 12.9, 12.8)]
    [InlineData(3, 25, 24.8)]
    [InlineData(3, 100, 99.2)]
    [InlineData(3, 0.05, 0)]
    [InlineData(3, 100000, 3174.4)]
    [InlineData(2, 25, 25)]
    [InlineData(2, 100, 25.5)]
    [InlineData(2, 0.05, 0.1)]
    [InlineData(1, 3, 10)]
    public void Response_times_are_rounded_down_to_what_the_version_can_tell(int version, double seconds, double told)
    {
        IgmpPacket
            .TryRead(Packet.Query(General(version) with { MaxResponseTime = TimeSpan.FromSeconds(seconds) }), out var packet)
            .Should()
            .Be(PacketError.None);

        packet.Message.Version.Should().Be(version);
        packet.Query.MaxResponseTime.Should().Be(TimeSpan.FromSeconds(told));
    }

    // RFC 9776 §4.1.6.
    [Theory]
    [InlineData(7, 7)]
    [InlineData(8, 0)]
    [InlineData(255, 0)]
    public void A_robustness_variable_above_7_is_told_as_0(int robustness, int told)
    {
        IgmpPacket.TryRead(Packet.Query(General(3) with { RobustnessVariable = robustness }), out var packet);

        packet.Query.RobustnessVariable.Should().Be(told);
    }

    [Fact]
    public void What_the_form_of_the_version_cannot_tell_is_refused()
    {
        var group = Address.Parse("239.1.1.1");
        var sources = new[] { Address.Parse("192.0.2.1") };

        Writing(General(2) with { Group = group, Sources = sources })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*version 2*sources*");
        Writing(General(1) with { Group = group }).Should().Throw<ArgumentException>().WithMessage("Version 1*");
        Writing(General(4)).Should().Throw<ArgumentException>().WithMessage("*version 4*");
        Writing(General(3) with { Group = Address.Parse("ff02::1") }).Should().Throw<ArgumentException>().WithMessage("*ff02::1*");
        Writing(General(3) with { Sources = new Address[65536] }).Should().Throw<ArgumentException>();
        FluentActions
            .Invoking(() => IgmpWriter.WriteGroupMessage(new byte[100], IgmpType.MembershipQuery, group, Packet.Source, group))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => IgmpWriter.WriteQuery(new byte[35], General(3), Packet.Source, Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => IgmpWriter.WriteReport(new byte[31], new ReportContent([]), Packet.Source, Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => IgmpWriter.WriteReport(new byte[5], new ReportContent([]), Packet.Source, Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => IgmpWriter.WriteQuery(new byte[100], General(3), Address.Parse("fe80::1"), Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
    }

    [Fact]
    [Shows("V3-M-4.2.1-01")]
    public void Writing_into_a_used_buffer_leaves_nothing_of_it_in_the_message()
    {
        var buffer = new byte[100];
        buffer.AsSpan().Fill(0xFF);

        var length = IgmpWriter.WriteReport(
            buffer, new ReportContent([new RecordContent(RecordType.Allow, Address.Parse("239.1.1.1"), [Packet.Source])]), Packet.Source,
            Packet.Destination);

        IgmpPacket.TryRead(buffer.AsSpan(0, length), out var packet).Should().Be(PacketError.None);
        // Reserved fields are sent as zero.
        packet.Message.Bytes[1].Should().Be(0);
        packet.Message.Bytes[4..6].ToArray().Should().Equal(0, 0);
    }

    private static QueryContent General(int version) =>
        new((Generation)(version - 1), TimeSpan.FromSeconds(10), Address.AnyV4, false, 2, TimeSpan.FromSeconds(125), []);

    private static Action Writing(QueryContent query) =>
        () => IgmpWriter.WriteQuery(new byte[65535], query, Packet.Source, Packet.Destination);
}
