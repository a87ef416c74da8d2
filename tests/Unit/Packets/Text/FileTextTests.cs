using System.Text;
using FluentAssertions;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Packets.Text;

/// <summary>Text that was written on another system.</summary>
public sealed class FileTextTests
{
    [Theory]
    [InlineData("a\nb\n", "a\nb\n")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("a\rb\r", "a\nb\n")]
    [InlineData("a\r\nb\r", "a\nb\n")]
    [InlineData("a\n\r\nb", "a\n\nb")]
    [InlineData("a\r\r\nb", "a\n\nb")]
    [InlineData("\uFEFFa\r\n", "a\n")]
    [InlineData("\uFEFF", "")]
    [InlineData("", "")]
    [InlineData("\r", "\n")]
    [InlineData("Grüße aus Köln, 10 €\r\n", "Grüße aus Köln, 10 €\n")]
    public void Text_of_any_system_is_read_alike(string written, string read)
    {
        var bytes = Encoding.UTF8.GetBytes(written);

        FileText.Decode("f", bytes).Should().Be(read);
        Encoding.UTF8.GetString(FileText.Clean(bytes) ?? bytes).Should().Be(read);
        (FileText.Clean(bytes) is null).Should().Be(written == read, "what is clean is not copied");
    }

    [Fact]
    public void UTF_16_and_UTF_32_are_called_by_their_name()
    {
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            byte[] text = encoding.GetBytes("true\r\n");
            Refused([.. encoding.Preamble, .. text]).Should().Be("f:1:1: the file is UTF-16 text: save it as UTF-8");
            Refused(text).Should().Be("f:1:1: the file is UTF-16 text: save it as UTF-8");
        }

        foreach (var encoding in (Encoding[])[Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true)])
            Refused([.. encoding.Preamble, .. encoding.GetBytes("true")]).Should().Be("f:1:1: the file is UTF-32 text: save it as UTF-8");
    }

    [Fact]
    public void What_is_no_text_is_told_with_its_place()
    {
        Refused([.. "a\r\nbc"u8, 0, (byte)'d']).Should().Be("f:2:3: the file is not text: there is a NUL character here");
        Refused([.. "a\r\nbc"u8, 0xE9, (byte)'d']).Should().Be("f:2:3: the file is not UTF-8 text here");
    }

    [Fact]
    public void A_script_may_have_letters_of_another_encoding_and_any_ends_of_lines() =>
        FileText.ScriptLines("r1.startup", [.. "\uFEFFtrue # caf"u8, 0xE9, .. "\r\nfalse\r"u8]).Should().Equal("true # caf\uFFFD", "false");

    private static string Refused(byte[] bytes) =>
        FluentActions.Invoking(() => FileText.Decode("f", bytes)).Should().Throw<InvalidFileException>().Which.Message;
}
