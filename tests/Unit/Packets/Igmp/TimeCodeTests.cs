using FluentAssertions;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>The 8-bit number format of Max Resp Code and QQIC (RFC 9776 §4.1.1, §4.1.7, §8.8).</summary>
public sealed class TimeCodeTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(129, 136)]
    [InlineData(143, 248)]
    [InlineData(144, 256)]
    [InlineData(160, 512)]
    [InlineData(179, 1216)]
    [InlineData(240, 16384)]
    [InlineData(255, 31744)]
    [Shows("V3-M-4.1.1-01", "V3-M-4.1.1-02")]
    public void A_code_stands_for_its_number(byte code, int value) => TimeCode.Decode(code).Should().Be(value);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(100, 100)]
    [InlineData(125, 125)]
    [InlineData(127, 127)]
    [InlineData(128, 128)]
    [InlineData(129, 128)]
    [InlineData(250, 143)]
    [InlineData(255, 143)]
    [InlineData(300, 146)]
    [InlineData(1000, 175)]
    [InlineData(31744, 255)]
    [Shows("V3-M-8.8-01", "V3-R-4.1.7-01")]
    public void A_number_gets_its_code_or_the_next_lower_one(int value, byte code) => TimeCode.Encode(value).Should().Be(code);

    [Fact]
    public void Every_code_survives_the_way_there_and_back()
    {
        for (var code = 0; code <= byte.MaxValue; code++)
            TimeCode.Encode(TimeCode.Decode((byte)code)).Should().Be((byte)code);
    }

    [Fact]
    public void Every_number_gets_the_greatest_code_that_does_not_exceed_it()
    {
        for (var value = 0; value <= TimeCode.MaxValue; value++)
        {
            var expected = Enumerable.Range(0, 256).Last(code => TimeCode.Decode((byte)code) <= value);
            if (TimeCode.Encode(value) != expected)
                TimeCode.Encode(value).Should().Be((byte)expected, "of {0}", value);
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(int.MinValue, 0)]
    [InlineData(31745, 255)]
    [InlineData(int.MaxValue, 255)]
    public void What_lies_outside_the_range_gets_the_nearest_end(int value, byte code) => TimeCode.Encode(value).Should().Be(code);

    [Fact]
    public void Times_are_counted_in_the_unit()
    {
        TimeCode.Encode(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100)).Should().Be(100);
        TimeCode.Encode(TimeSpan.FromSeconds(125), TimeSpan.FromSeconds(1)).Should().Be(125);
        TimeCode.Decode(255, TimeSpan.FromMilliseconds(100)).Should().Be(TimeSpan.FromSeconds(3174.4));
        TimeCode.Encode(TimeSpan.MaxValue, TimeSpan.FromMilliseconds(100)).Should().Be(255);
    }
}
