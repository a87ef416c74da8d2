using System.Buffers.Binary;
using FluentAssertions;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Judging;

/// <summary>The captures of the scenarios, whole and with one thing changed.</summary>
public sealed class GoldenCaptureTests
{
    private const string Leave = "leave-with-gsq";
    private const string Election = "querier-election";
    private const int FirstByteOfIp = 14;
    private const int TimeToLiveAt = FirstByteOfIp + 8;
    private const int MessageAt = FirstByteOfIp + 24;

    // What the file has of the second leave: the leave, and the two queries that it causes (frames by inspect --igmp).
    private const int SecondLeave = 231;
    private const int FirstQuery = 232;
    private const int SecondQuery = 274;

    [Theory]
    [InlineData("block-old-sources", "router", "10.0.0.1", "block-asked-about", "3 of 3 sources given up")]
    [InlineData("block-old-sources", "router", "10.0.0.1", "starts-with-startup-queries", "1 of 1 starts")]
    [InlineData(Leave, "router", "10.0.0.1", "leave-asked-about", "1 of 1 leaves")]
    [InlineData(Leave, "host", "10.0.0.12", "group-specific-query-answered", "3 of 3 answers owed")]
    [InlineData(Leave, "host", "10.0.0.11", "change-reported-robustness-variable-times", "2 of 2 changes")]
    [InlineData(Election, "router", "10.0.0.1", "general-queries-every-query-interval", "2 of 2 queries")]
    [InlineData(Election, "router", "10.0.0.2", "takes-over-after-other-querier-present-interval", "1 of 1 silent queriers")]
    [InlineData(Election, "router", "10.0.0.3", "silent-beside-a-lower-address", "7 of 7 queries from a lower address")]
    [InlineData(Election, "host", "10.0.0.11", "general-query-answered", "15 of 15 answers owed")]
    [InlineData(Election, "host", "10.0.0.11", "no-answer-at-once", "1 of 1 series of answers")]
    public void Ours_keep_what_a_capture_shows(string capture, string role, string address, string rule, string seen)
    {
        var report = Judge(Packets(capture), address, role);

        report.Tests.Where(each => each.Verdict is not (Verdict.Pass or Verdict.Inconclusive)).Select(each => each.Test).Should().BeEmpty();
        report.Tests.Single(each => each.Test == rule).Should().BeEquivalentTo(new { Verdict = Verdict.Pass, Seen = seen });
    }

    [Fact]
    public void What_is_not_shown_is_inconclusive_and_named()
    {
        var report = Judge(Packets(Leave), "10.0.0.1");

        Rule(report, "silent-beside-a-lower-address").Should().BeEquivalentTo(new
        {
            Verdict = Verdict.Inconclusive,
            Reason = "The capture shows no case of it: a General Query from a lower address that the device would have asked after.",
        });
        Rule(report, "general-queries-every-query-interval").Reason.Should().Contain("the capture ends before");
    }

    [Theory]
    [InlineData("sent-with-ttl-1", TimeToLiveAt, 64)]
    [InlineData("sent-as-internet-control", FirstByteOfIp + 1, 0)]
    [InlineData("sent-to-the-ethernet-address-of-its-group", 5, 99)]
    [InlineData("sent-with-router-alert", FirstByteOfIp + 23, 1)]
    [InlineData("sent-with-checksum", MessageAt + 2, 0xAA)]
    [InlineData("sent-query-has-no-flags", MessageAt + 8, 0xF2)]
    [InlineData("tells-its-query-interval", MessageAt + 9, 60)]
    [InlineData("tells-its-robustness-variable", MessageAt + 8, 3)]
    [InlineData("sent-query-goes-to-its-group", FirstByteOfIp + 19, 9)]
    public void A_changed_field_is_noticed_in_its_frame(string rule, int at, int value)
    {
        var report = Judge(Changed(SecondQuery, bytes => bytes[at] = (byte)value), "10.0.0.1");

        var broken = Rule(report, rule);
        broken.Verdict.Should().Be(Verdict.Fail);
        broken.Frames.Should().Equal(SecondQuery);
        broken.Filter.Should().Be($"igmp && frame.number == {SecondQuery}");
        broken.Seen.Should().Contain($"frame {SecondQuery} has");
        report.Breaks.Should().BeTrue();
    }

    [Fact]
    public void A_query_that_does_not_come_is_noticed_with_the_leave()
    {
        var report = Judge(Changed(SecondQuery, bytes => bytes[FirstByteOfIp + 9] = 17), "10.0.0.1");

        var broken = Rule(report, "leave-asked-about");
        broken.Verdict.Should().Be(Verdict.Fail);
        broken.Seen.Should().StartWith("0 of 1 leaves: seen 1 times");
        broken.Frames.Should().Contain([SecondLeave, FirstQuery]);
        broken.Expectations.SelectMany(each => each.Missing).Should().NotBeEmpty();
    }

    [Fact]
    public void Where_frames_were_lost_nothing_is_missed()
    {
        var lossy = Changed(SecondQuery, bytes => bytes[FirstByteOfIp + 9] = 17)
            .Select((packet, i) => i + 1 == SecondQuery ? packet with { Dropped = 3 } : packet);

        var report = Judge(lossy, "10.0.0.1");

        Rule(report, "leave-asked-about").Should().BeEquivalentTo(new
        {
            Verdict = Verdict.Inconclusive,
            Reason = $"The capture does not show it as a whole: 3 frames were lost before frame {SecondQuery}.",
        });
        report.Notes.Should().Contain($"Gap: 3 frames were lost before frame {SecondQuery}");
    }

    [Fact]
    public void Where_the_clock_goes_back_nothing_is_missed()
    {
        var second = TimeSpan.FromSeconds(40);
        var stepped = Packets(Leave).Select((packet, i) => i + 1 < SecondQuery ? packet : packet with { At = packet.At - second });

        var report = Judge(stepped, "10.0.0.1");

        report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test).Should().BeEmpty();
        report.Notes.Should().Contain($"Gap: the time goes back at frame {SecondQuery}");
    }

    [Fact]
    public void A_message_that_was_cut_is_not_judged()
    {
        var cut = Packets(Leave).Select((packet, i) => i + 1 == SecondQuery ? packet with { Data = packet.Data[..40] } : packet);

        var report = Judge(cut, "10.0.0.1");

        report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test).Should().BeEmpty();
        Rule(report, "leave-asked-about").Verdict.Should().Be(Verdict.Inconclusive);
        report.Notes.Should().Contain($"Gap: frame {SecondQuery} was cut by the capture");
    }

    [Fact]
    public void At_the_end_of_the_capture_nothing_is_owed_yet()
    {
        var report = Judge(Packets(Leave).Take(FirstQuery), "10.0.0.1");

        Rule(report, "leave-asked-about").Reason.Should().Be("The capture does not show it as a whole: the capture ends before.");
    }

    [Fact]
    public void A_device_that_may_have_been_switched_off_has_not_failed()
    {
        var packets = Packets(Leave);
        var station = packets[FirstQuery - 1].Data[6..12].ToArray();
        var gone = packets.Where((packet, i) => i + 1 < FirstQuery || !packet.Data.Span[6..12].SequenceEqual(station)).ToList();

        var report = Judge(gone, "10.0.0.1");

        report.Tests.Where(each => each.Verdict == Verdict.Fail).Select(each => each.Test).Should().BeEmpty();
    }

    [Fact]
    public void VLAN_tags_part_segments_and_change_no_verdict()
    {
        var tagged = Packets(Leave).Select(packet => packet with
        {
            Data = new ReadOnlyMemory<byte>([.. packet.Data.Span[..12], 0x81, 0x00, 0x00, 0x0A, .. packet.Data.Span[12..]]),
            OriginalLength = packet.OriginalLength + 4,
        }).ToList();

        var report = Judge(tagged, "10.0.0.1");

        report.Tests.Select(each => (each.Test, each.Verdict, each.Seen))
            .Should().Equal(Judge(Packets(Leave), "10.0.0.1").Tests.Select(each => (each.Test, each.Verdict, each.Seen)));
        report.Device.Title.Should().Be("10.0.0.1 on A VLAN 10");
    }

    [Fact]
    public void Speakers_are_listed_with_what_they_look_like()
    {
        Speaker.AllOf(Contents(Packets("block-old-sources"))).Where(each => each.Segment == "A")
            .Select(each => (each.Address.ToString(), each.LooksLike, each.Queries, each.Reports, string.Join(',', each.Versions)))
            .Should().Equal(
                ("10.0.0.1", "querier", 12, 7, "3"), ("10.0.0.2", "router", 1, 5, "3"), ("10.0.0.11", "host", 0, 18, "3"),
                ("10.0.0.12", "host", 0, 7, "3"));
    }

    [Fact]
    public void Timers_are_as_given_as_told_or_the_default()
    {
        var given = new GivenTimers { QueryInterval = TimeSpan.FromSeconds(60), LastMemberQueryCount = 1 };

        var report = CaptureJudge.Judge(Contents(Packets(Leave)), DeviceRole.Router, Address.Parse("10.0.0.1"), given);

        report.Notes.Should().Contain(
            "Robustness Variable 2: as its queries tell it", "Query Interval 60 s: as given", "Last Member Query Count 1: as given",
            "Unsolicited Report Interval 1 s: the default of the RFC");
        Rule(report, "tells-its-query-interval").Verdict.Should().Be(Verdict.Fail);
    }

    private static List<CapturedPacket> Packets(string scenario)
    {
        using var reader = CaptureReader.Open(Path.Combine(Repository.Root, "captures", scenario + ".verified.pcapng"));
        return [.. reader.ReadAll()];
    }

    private static List<CapturedPacket> Changed(int frame, Action<byte[]> change)
    {
        var packets = Packets(Leave);
        var bytes = packets[frame - 1].Data.ToArray();
        change(bytes);
        if (bytes.AsSpan(MessageAt + 2, 2).SequenceEqual(packets[frame - 1].Data.Span.Slice(MessageAt + 2, 2)))
        {
            Sum(bytes.AsSpan(FirstByteOfIp, MessageAt - FirstByteOfIp), 10);
            Sum(bytes.AsSpan(MessageAt), 2);
        }

        packets[frame - 1] = packets[frame - 1] with { Data = bytes };
        return packets;
    }

    // The checksum of RFC 1071 at its place.
    private static void Sum(Span<byte> bytes, int at)
    {
        bytes.Slice(at, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], (ushort)~WireMessage.Sum(bytes));
    }

    private static CaptureContents Contents(IEnumerable<CapturedPacket> packets) =>
        CaptureContents.Of(packets, new LabOptions().Dialect);

    private static SuiteReport Judge(IEnumerable<CapturedPacket> packets, string address, string role = "router") => CaptureJudge.Judge(
        Contents(packets), Enum.Parse<DeviceRole>(role, ignoreCase: true), Address.Parse(address), new GivenTimers());

    private static TestReport Rule(SuiteReport report, string rule) => report.Tests.Single(each => each.Test == rule);
}
