using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>The members of a control request, read strictly.</summary>
public sealed class ControlRequestTests
{
    [Fact]
    public void Members_are_read_by_kind()
    {
        var request = Request("""{"command":"x","text":"a","texts":["a","b"],"number":5,"flag":true,"address":"10.0.0.1"}""");

        request.Text("text").Should().Be("a");
        request.OptionalText("text").Should().Be("a");
        request.Texts("texts").Should().Equal("a", "b");
        request.Number("number", 1, 5).Should().Be(5);
        request.Flag("flag").Should().BeTrue();
        request.OptionalAddress("address").Should().Be(Address.Parse("10.0.0.1"));
    }

    [Theory]
    [InlineData("""{"command":"x"}""")]
    [InlineData("""{"command":"x","it":null}""")]
    public void What_may_be_left_out_may_be_null_too(string json)
    {
        var request = Request(json);

        request.OptionalText("it").Should().BeNull();
        request.OptionalTexts("it").Should().BeNull();
        request.OptionalNumber("it", 0, 1).Should().BeNull();
        request.OptionalAddress("it").Should().BeNull();
        request.Flag("it").Should().BeFalse();
        foreach (Action read in new Action[] { () => request.Text("it"), () => request.Texts("it"), () => request.Number("it", 0, 1) })
            read.Should().Throw<ControlException>().WithMessage("\"it\" is missing").Which.ExitCode.Should().Be(ExitCode.Usage);
    }

    [Fact]
    public void What_is_of_another_kind_is_wrong_usage()
    {
        var request = Request("""{"command":"x","number":1.5,"large":6,"text":"a","mixed":["a",1]}""");

        Refusals(
                () => request.Text("number"),
                () => request.Texts("text"),
                () => request.Texts("mixed"),
                () => request.Number("number", 0, 9),
                () => request.Number("large", 0, 5),
                () => request.Number("text", 0, 5),
                () => request.Flag("text"),
                () => request.OptionalAddress("text"))
            .Should()
            .Equal(
                "\"number\" is not a string", "\"text\" is not a list of strings", "\"mixed\" is not a list of strings",
                "\"number\" is a whole number from 0 to 9", "\"large\" is a whole number from 0 to 5",
                "\"text\" is a whole number from 0 to 5", "\"text\" is true or false", "\"text\" is not an IP address: a");
    }

    private static ControlRequest Request(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new ControlRequest(new ControlCall(null!, "x", document.RootElement.Clone()));
    }

    private static IEnumerable<string> Refusals(params Func<object?>[] reads) => reads.Select(read =>
    {
        try
        {
            return $"was taken: {read()}";
        }
        catch (ControlException refused)
        {
            refused.ExitCode.Should().Be(ExitCode.Usage);
            return refused.Message;
        }
    });
}
