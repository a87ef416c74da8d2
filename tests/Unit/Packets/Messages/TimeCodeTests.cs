using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Messages;

/// <summary>
/// The number format of Max Resp Code and QQIC in 8 bits (RFC 9776 §4.1.1, §4.1.7, §8.8) and of the Maximum Response Code in 16 bits (RFC
/// 9777 §5.1.3, §9.8).
/// </summary>
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
    public void A_code_of_8_bits_stands_for_its_number(int code, int value) => TimeCode.EightBits.Decode(code).Should().Be(value);

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
    public void A_number_gets_its_code_of_8_bits_or_the_next_lower_one(int value, int code) =>
        TimeCode.EightBits.Encode(value).Should().Be(code);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(100, 100)]
    [InlineData(10000, 10000)]
    [InlineData(32767, 32767)]
    [InlineData(32768, 32768)]
    [InlineData(32769, 32776)]
    [InlineData(33672, 40000)]
    [InlineData(36863, 65528)]
    [InlineData(36864, 65536)]
    [InlineData(39018, 100000)]
    [InlineData(40960, 131072)]
    [InlineData(45056, 262144)]
    [InlineData(49152, 524288)]
    [InlineData(53248, 1048576)]
    [InlineData(57344, 2097152)]
    [InlineData(61440, 4194304)]
    [InlineData(65534, 8386560)]
    [InlineData(65535, 8387584)]
    [Shows("L2-M-5.1.3-01", "L2-M-5.1.3-02")]
    public void A_code_of_16_bits_stands_for_its_number(int code, int value) => TimeCode.SixteenBits.Decode(code).Should().Be(value);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1000, 1000)]
    [InlineData(32767, 32767)]
    [InlineData(32768, 32768)]
    [InlineData(32775, 32768)]
    [InlineData(32776, 32769)]
    [InlineData(40000, 33672)]
    [InlineData(65528, 36863)]
    [InlineData(65535, 36863)]
    [InlineData(65536, 36864)]
    [InlineData(65551, 36864)]
    [InlineData(65552, 36865)]
    [InlineData(100000, 39018)]
    [InlineData(131071, 40959)]
    [InlineData(131072, 40960)]
    [InlineData(8387584, 65535)]
    [Shows("L2-M-9.8-01")]
    public void A_number_gets_its_code_of_16_bits_or_the_next_lower_one(int value, int code) =>
        TimeCode.SixteenBits.Encode(value).Should().Be(code);

    [Fact]
    public void Every_code_survives_the_way_there_and_back()
    {
        foreach (var format in new[] { TimeCode.EightBits, TimeCode.SixteenBits })
        {
            Enumerable.Range(0, format.MaxCode + 1).Where(code => format.Encode(format.Decode(code)) != code).Should().BeEmpty();
            format.Decode(format.MaxCode).Should().Be(format.MaxValue);
        }
    }

    [Fact]
    public void Every_number_gets_the_greatest_code_that_does_not_exceed_it()
    {
        for (var value = 0; value <= TimeCode.EightBits.MaxValue; value++)
        {
            var expected = Enumerable.Range(0, 256).Last(code => TimeCode.EightBits.Decode(code) <= value);
            if (TimeCode.EightBits.Encode(value) != expected)
                TimeCode.EightBits.Encode(value).Should().Be(expected, "of {0}", value);
        }
    }

    // The codes ascend with their numbers, so one pass over both does for the many of 16 bits.
    [Fact]
    public void Every_number_gets_the_greatest_code_of_16_bits_that_does_not_exceed_it()
    {
        var expected = 0;
        for (var value = 0; value <= TimeCode.SixteenBits.MaxValue; value++)
        {
            if (expected < TimeCode.SixteenBits.MaxCode && TimeCode.SixteenBits.Decode(expected + 1) <= value)
                expected++;
            if (TimeCode.SixteenBits.Encode(value) != expected)
                TimeCode.SixteenBits.Encode(value).Should().Be(expected, "of {0}", value);
        }

        expected.Should().Be(TimeCode.SixteenBits.MaxCode);
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(int.MinValue, 0, 0)]
    [InlineData(31745, 255, 31745)]
    [InlineData(8387585, 255, 65535)]
    [InlineData(int.MaxValue, 255, 65535)]
    public void What_lies_outside_the_range_gets_the_nearest_end(int value, int code, int longCode)
    {
        TimeCode.EightBits.Encode(value).Should().Be(code);
        TimeCode.SixteenBits.Encode(value).Should().Be(longCode);
    }

    [Fact]
    public void Times_are_counted_in_the_unit()
    {
        TimeCode.EightBits.Encode(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(100)).Should().Be(100);
        TimeCode.EightBits.Encode(TimeSpan.FromSeconds(125), TimeSpan.FromSeconds(1)).Should().Be(125);
        TimeCode.EightBits.Decode(255, TimeSpan.FromMilliseconds(100)).Should().Be(TimeSpan.FromSeconds(3174.4));
        TimeCode.EightBits.Encode(TimeSpan.MaxValue, TimeSpan.FromMilliseconds(100)).Should().Be(255);
        TimeCode.SixteenBits.Encode(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(1)).Should().Be(10_000);
        TimeCode.SixteenBits.Decode(65535, TimeSpan.FromMilliseconds(1)).Should().Be(TimeSpan.FromSeconds(8387.584));
    }
}
