using System.IO.Compression;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Captures;

/// <summary>Files that gzip has compressed are read as they are, known by their first bytes.</summary>
public sealed class CompressedCaptureTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 1000).Select(each => (byte)(each * each))];

    [Theory]
    [InlineData(CaptureFormat.Pcap)]
    [InlineData(CaptureFormat.Pcapng)]
    public void Both_formats_are_read(CaptureFormat format)
    {
        var packets = Read(Compressed(File(format)));

        packets.Should().HaveCount(3).And.OnlyContain(each => each.Data.ToArray().SequenceEqual(Data));
    }

    [Fact]
    public void A_file_of_several_parts_is_read_to_its_end()
    {
        var file = File(CaptureFormat.Pcap);

        Read([.. Compressed(file[..100]), .. Compressed(file[100..])]).Should().HaveCount(3);
    }

    [Fact]
    public void A_file_that_is_cut_anywhere_is_told_from_a_whole_one()
    {
        var compressed = Compressed(File(CaptureFormat.Pcap));

        for (var length = 0; length < compressed.Length; length++)
        {
            FluentActions
                .Invoking(() => Read(compressed[..length]))
                .Should()
                .Throw<CaptureException>($"{length} of {compressed.Length} bytes are there")
                .Which.Error.Should()
                .BeOneOf(CaptureError.Compression, CaptureError.Truncated);
        }
    }

    [Fact]
    public void A_cut_that_the_compressed_data_alone_tell_of_is_told()
    {
        // Only the checksum and the length at the end are missing: all bytes of the file come out.
        var compressed = Compressed(File(CaptureFormat.Pcap));
        var packets = new List<CapturedPacket>();
        using var reader = CaptureReader.Open(new MemoryStream(compressed[..^8]));

        FluentActions.Invoking(() =>
        {
            foreach (var packet in reader.ReadAll())
                packets.Add(packet);
        }).Should().Throw<CaptureException>().Which.Error.Should().Be(CaptureError.Compression);

        packets.Should().HaveCount(3);
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        var compressed = Compressed(File(CaptureFormat.Pcap));
        // Of the checksum.
        compressed[^8] ^= 1;

        FluentActions.Invoking(() => Read(compressed)).Should().Throw<CaptureException>().Which.Error.Should().Be(CaptureError.Compression);
    }

    [Fact]
    public void Offsets_are_those_of_the_uncompressed_file_and_say_so() =>
        FluentActions.Invoking(() => Read(Compressed(File(CaptureFormat.Pcap)[..50])))
            .Should().Throw<CaptureException>().WithMessage("*(at byte 24 of the uncompressed file)").Which.Offset.Should().Be(24);

    [Fact]
    public void What_is_compressed_twice_is_no_capture() =>
        FluentActions.Invoking(() => Read(Compressed(Compressed(File(CaptureFormat.Pcap)))))
            .Should().Throw<CaptureException>().Which.Error.Should().Be(CaptureError.UnknownFormat);

    private static List<CapturedPacket> Read(byte[] file)
    {
        using var reader = CaptureReader.Open(new MemoryStream(file));
        return [.. reader.ReadAll()];
    }

    private static byte[] File(CaptureFormat format)
    {
        using var file = new MemoryStream();
        if (format == CaptureFormat.Pcap)
        {
            using var writer = new PcapWriter(file, leaveOpen: true);
            for (var i = 0; i < 3; i++)
                writer.WritePacket(new Instant(i), Data);
        }
        else
        {
            using var writer = new PcapngWriter(file, leaveOpen: true);
            var lan = writer.AddInterface("A");
            for (var i = 0; i < 3; i++)
                writer.WritePacket(lan, new Instant(i), Data);
        }

        return file.ToArray();
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return compressed.ToArray();
    }
}
