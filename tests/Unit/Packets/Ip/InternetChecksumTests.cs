using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Packets.Ip;

/// <summary>The Internet checksum, against the definition word by word.</summary>
public sealed class InternetChecksumTests
{
    // RFC 1071 §3: the sum of these is ddf2.
    [Fact]
    public void The_example_of_RFC_1071_comes_out() =>
        InternetChecksum.Compute([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]).Should().Be(unchecked((ushort)~0xDDF2));

    [Fact]
    public void Nothing_sums_to_nothing() => InternetChecksum.Compute([]).Should().Be(0xFFFF);

    [Fact]
    public void An_odd_byte_counts_as_the_higher_one_of_its_word() =>
        InternetChecksum.Compute([0x12]).Should().Be(unchecked((ushort)~0x1200));

    [Fact]
    public void Every_length_gives_what_the_definition_says()
    {
        var random = new Random(1071);
        for (var length = 0; length < 600; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            InternetChecksum.Compute(bytes).Should().Be(ByDefinition(bytes), "of {0} bytes", length);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1480)]
    [InlineData(65535)]
    public void Carries_are_not_lost(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(0xFF);

        InternetChecksum.Compute(bytes).Should().Be(ByDefinition(bytes));
    }

    [Fact]
    public void Pieces_of_even_length_sum_to_the_whole() =>
        Prop.ForAll(
                Gen.ArrayOf(Gen.Choose(0, 255)).ToArbitrary(),
                numbers =>
                {
                    byte[] bytes = [.. numbers.Select(each => (byte)each)];
                    var cut = bytes.Length / 4 * 2;
                    InternetChecksum
                        .Finish(InternetChecksum.Add(InternetChecksum.Add(0, bytes.AsSpan(0, cut)), bytes.AsSpan(cut)))
                        .Should()
                        .Be(ByDefinition(bytes));
                })
            .Holds();

    private static ushort ByDefinition(byte[] bytes)
    {
        var sum = 0L;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += (bytes[i] << 8) | (i + 1 < bytes.Length ? bytes[i + 1] : 0);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
