using FluentAssertions;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Packets.Text;

/// <summary>Text from outside, with what it could do to a terminal made visible.</summary>
public sealed class VisibleTextTests
{
    [Fact]
    public void Control_characters_become_visible()
    {
        VisibleText.Lines("\u001b]0;owned\u0007\u001b[2J\u009b31m\rfront\b\u007f\u202egnp\u2066")
            .Should().Be(@"\u001b]0;owned\u0007\u001b[2J\u009b31m\u000dfront\u0008\u007f\u202egnp\u2066");
        VisibleText.Lines("one\n\ttwo").Should().Be("one\n\ttwo");
        VisibleText.Line("one\n\ttwo").Should().Be(@"one\u000a\u0009two");
        VisibleText.Line("ordinary text, → and ✓ and 😀").Should().Be("ordinary text, → and ✓ and 😀");
    }

    [Fact]
    public void No_control_character_and_nothing_that_turns_text_round_is_left()
    {
        var all = string.Concat(Enumerable.Range(0, 0x10000).Where(each => !char.IsSurrogate((char)each)).Select(each => (char)each));

        var left = VisibleText.Line(all);

        left.Where(char.IsControl).Should().BeEmpty();
        left.Should()
            .NotContainAny(
                "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c",
                "\u2028", "\u2029");
        left.Replace("\\u", "", StringComparison.Ordinal).Length.Should().BeGreaterThan(all.Length, "the others are all there");
    }

    [Fact]
    public void A_problem_of_a_file_is_told_in_one_line() =>
        new InvalidFileException([new FileProblem("a\u001b[2J.yaml", 1, 2, "no 'x\n\u009b31m'", "y\r")]).Message
            .Should().Be(@"a\u001b[2J.yaml:1:2: no 'x\u000a\u009b31m'; did you mean y\u000d?");
}
