using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Mld;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>What is written is read again, for random messages; and what cannot be written is refused.</summary>
public sealed class MldRoundTripTests
{
    [Fact]
    [Shows("L2-M-5.1.12-03", "L2-M-5.1.10-02")]
    public void Queries_survive_the_wire() =>
        Prop.ForAll(
                MldGenerators.Queries.ToArbitrary(),
                query =>
                {
                    MldPacket.TryRead(Written(query), out var packet).Should().Be(PacketError.None);
                    packet.Message.Query.ToContent().Should().BeEquivalentTo(query, options => options.WithStrictOrdering());
                    packet
                        .Message.Bytes.Length.Should()
                        .Be(!query.Generation.HasSources ? 24 : 28 + (16 * query.Sources.Count))
                        .And.Be(MldWriter.QueryLength(query))
                        .And.Be(packet.Message.DefinedLength);
                })
            .QuickCheckThrowOnFailure();

    [Fact]
    [Shows("L2-M-5.2.12-02", "L2-M-5.2.11-01")]
    public void Reports_survive_the_wire() =>
        Prop.ForAll(
                MldGenerators.Reports.ToArbitrary(),
                report =>
                {
                    var buffer = new byte[65575];
                    var length = MldWriter.WriteReport(buffer, report, Ipv6Packet.Source, Address.Parse("ff02::16"));
                    MldPacket.TryRead(buffer.AsSpan(0, length), out var packet).Should().Be(PacketError.None);
                    packet.Message.Report.ToContent().Should().BeEquivalentTo(report, options => options.WithStrictOrdering());
                    packet
                        .Message.Bytes.Length.Should()
                        .Be(8 + report.Records.Sum(each => 20 + (16 * each.Sources.Count)))
                        .And.Be(MldWriter.ReportLength(report))
                        .And.Be(packet.Message.DefinedLength);
                })
            .QuickCheckThrowOnFailure();

    // RFC 9777 §9.8, and RFC 2710 §3.4 where the field is linear.
    [Theory]
    [InlineData(2, 12.7, 12.7)]
    [InlineData(2, 32.7679, 32.767)]
    [InlineData(2, 40.007, 40)]
    [InlineData(2, 100.015, 100)]
    [InlineData(2, 0.0005, 0)]
    [InlineData(2, 100000, 8387.584)]
    [InlineData(1, 40.007, 40.007)]
    [InlineData(1, 100, 65.535)]
    [InlineData(1, 0.0005, 0)]
    [Shows("L2-M-9.8-01", "L2-X-8.3.1-02", "L2-X-8.2.1-08")]
    public void Response_times_are_rounded_down_to_what_the_version_can_tell(int version, double seconds, double told)
    {
        MldPacket
            .TryRead(Written(General(version) with { MaxResponseTime = TimeSpan.FromSeconds(seconds) }), out var packet)
            .Should()
            .Be(PacketError.None);

        packet.Message.Version.Should().Be(version);
        packet.Message.Query.MaxResponseTime.Should().Be(TimeSpan.FromSeconds(told));
    }

    // RFC 9777 §5.1.8.
    [Theory]
    [InlineData(7, 7)]
    [InlineData(8, 0)]
    [InlineData(255, 0)]
    public void A_robustness_variable_above_7_is_told_as_0(int robustness, int told)
    {
        MldPacket.TryRead(Written(General(2) with { RobustnessVariable = robustness }), out var packet).Should().Be(PacketError.None);

        packet.Message.Query.RobustnessVariable.Should().Be(told);
    }

    [Fact]
    public void What_the_form_of_the_version_cannot_tell_is_refused()
    {
        var group = Address.Parse("ff1e::1:1");

        Writing(General(1) with { Group = group, Sources = [Ipv6Packet.Source] })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*version 1*sources*");
        Writing(General(2) with { Generation = Generation.Reports }).Should().Throw<ArgumentException>().WithMessage("*no MLD version*");
        Writing(General(2) with { Group = Address.Parse("224.0.0.1") }).Should().Throw<ArgumentException>().WithMessage("*224.0.0.1*");
        Writing(General(2) with { Sources = new Address[65536] }).Should().Throw<ArgumentException>();
        FluentActions
            .Invoking(() => MldWriter.WriteGroupMessage(new byte[100], MldType.Query, group, Ipv6Packet.Source, group))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => MldWriter.WriteQuery(new byte[75], General(2), Ipv6Packet.Source, Ipv6Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => MldWriter.WriteReport(new byte[55], new ReportContent([]), Ipv6Packet.Source, Ipv6Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => MldWriter.WriteQuery(new byte[100], General(2), Address.Parse("10.0.0.1"), Ipv6Packet.Destination))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => Ipv6Writer.Write(new byte[50], new Ipv6Header(Ipv6Packet.Source, group, 17), new byte[11]))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => Ipv6Writer.WriteHeader(new byte[70000], new Ipv6Header(Ipv6Packet.Source, group, 17), 65536))
            .Should()
            .Throw<ArgumentException>();
    }

    private static QueryContent General(int version) =>
        new((Generation)version, TimeSpan.FromSeconds(10), Address.AnyV6, false, 2, TimeSpan.FromSeconds(125), []);

    private static byte[] Written(QueryContent query)
    {
        var buffer = new byte[65575];
        return buffer[..MldWriter.WriteQuery(buffer, query, Ipv6Packet.Source, Ipv6Packet.Destination)];
    }

    private static Action Writing(QueryContent query) => () => Written(query);
}

/// <summary>Random messages that the wire can hold exactly.</summary>
internal static class MldGenerators
{
    public static Gen<Address> Addresses { get; } = Gen.ArrayOf(Gen.Choose(0, 255), 16)
        .Select(bytes => Address.Read([.. bytes.Select(each => (byte)each)])).Where(address => !address.IsV4);

    public static Gen<QueryContent> Queries { get; } =
        from isOlder in Gen.Elements(true, false)
        from code in Gen.Choose(0, 65535)
        from @group in Gen.OneOf(Gen.Constant(Address.AnyV6), Addresses)
        from suppress in Gen.Elements(true, false)
        from robustness in Gen.Choose(0, 7)
        from intervalCode in Gen.Choose(0, 255)
        from sources in Gen.ArrayOf(Addresses)
        select isOlder
            ? new QueryContent(Generation.Leaves, TimeSpan.FromMilliseconds(code), @group, false, 0, TimeSpan.Zero, [])
            : new QueryContent(
                Generation.Sources, TimeSpan.FromMilliseconds(TimeCode.SixteenBits.Decode(code)), @group, suppress, robustness,
                TimeSpan.FromSeconds(TimeCode.EightBits.Decode(intervalCode)), sources);

    public static Gen<ReportContent> Reports { get; } = Gen.ArrayOf(
        from type in Gen.Choose(0, 255)
        from @group in Addresses
        from sources in Gen.ArrayOf(Addresses)
        select new RecordContent((RecordType)type, @group, sources)).Select(records => new ReportContent(records));
}
