using System.Buffers;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Router.Forwarding;
using MulticastLab.Router.Output;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>The answers of <c>mroute</c> and <c>vif</c> as JSON; what a running router says is shown in StaticForwardingTests.</summary>
public sealed class ForwardingAnswersTests
{
    [Fact]
    public void Of_a_long_list_one_entry_at_a_time_is_made()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        var written = new List<long>();

        JsonSerializer.Serialize(json, new RoutesAnswer(Made(), [], []), ForwardingContext.Default.RoutesAnswer);

        written.Should().HaveCount(100).And.BeInAscendingOrder().And.OnlyHaveUniqueItems("each is written before the next one is made");

        IEnumerable<EntryAnswer> Made()
        {
            for (var i = 0; i < 100; i++)
            {
                written.Add(json.BytesCommitted + json.BytesPending);
                yield return Entry("eth0");
            }
        }
    }

    [Fact]
    public async Task An_entry_without_a_reverse_path_says_null_and_the_tables_say_it_their_way()
    {
        var text = JsonSerializer.Serialize(new RoutesAnswer([Entry(null)], [], []), ForwardingContext.Default.RoutesAnswer);

        text.Should().Be("""
            {"entry":[{"source-address":"10.0.0.2","group-address":"239.1.1.1","incoming-interface":null,"outgoing-interface":[],
            "static":false,"packets":1,"bytes":2,"wrong-interface":3}],"static-route":[],"reverse-path":[]}
            """.ReplaceLineEndings(""));
        var answer = await Read(text);
        ForwardingTables.Routes(answer).Should().EndWith("10.0.0.2  239.1.1.1  -     -   1        3         N");
        MulticastRouteTable.Write(answer).Should().EndWith("10.0.0.2  239.1.1.1  P      IGMP   <iif?>  none    0    1");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"entry":[{}],"static-route":[],"reverse-path":[]}""")]
    public async Task What_is_no_such_answer_is_refused(string text)
    {
        var read = async () => await Read(text);

        await read.Should().ThrowAsync<JsonException>();
    }

    private static ValueTask<RoutesAnswer> Read(string text) =>
        ForwardingContext.ReadRoutes(new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken);

    private static EntryAnswer Entry(string? incoming) =>
        new(Address.Parse("10.0.0.2"), Address.Parse("239.1.1.1"), incoming, [], Static: false, Packets: 1, Bytes: 2, WrongInterface: 3);
}
