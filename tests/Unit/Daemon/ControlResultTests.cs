using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>Results that are read as they come, from a daemon that sends them in pieces of every size.</summary>
public sealed class ControlResultTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("result-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(folder, "x.sock");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task A_result_is_read_without_the_answer_around_it_and_the_next_one_after_it(int piece)
    {
        var numbers = string.Join(',', Enumerable.Range(0, 2_000).Select(each => each.ToString(CultureInfo.InvariantCulture)));

        var (first, second) = await Answered(
            $"{{\"ok\":true,\"result\":[{numbers}]}}\n{{\"ok\":true,\"result\":{{\"a\":{{}}}}}}\n",
            piece,
            async client =>
                (await client.Ask("show", Text, cancellation: Cancellation), await client.Ask("show", Text, cancellation: Cancellation)));

        first.Should().Be($"[{numbers}]");
        second.Should().Be("{\"a\":{}}");
    }

    [Theory]
    [InlineData("{\"ok\":false,\"error\":\"no such thing\",\"exit\":2}\n", "no such thing")]
    [InlineData("{\"ok\":true}\n", "*the answer to 'show' has no result")]
    [InlineData("", "*closed the connection without an answer to 'show'")]
    [InlineData("{\"ok\":tr", "*what answers is not a daemon of this lab*")]
    [InlineData("hello\n", "*what answers is not a daemon of this lab*")]
    public async Task What_is_no_result_is_an_error(string answer, string message)
    {
        var asking = () => Answered(answer, 3, client => client.Ask("show", Text, cancellation: Cancellation));

        await asking.Should().ThrowAsync<ControlException>().WithMessage(message);
    }

    [Fact]
    public async Task What_the_reader_finds_wrong_is_told_with_the_command()
    {
        var asking = () => Answered<string>("{\"ok\":true,\"result\":[1,2", 3, client =>
            client.Ask<string>("show", (_, _) => throw new FormatException("two of three"), cancellation: Cancellation));

        await asking.Should().ThrowAsync<ControlException>().WithMessage("*the answer to 'show' is broken off or wrong: two of three");
    }

    private static async ValueTask<string> Text(Stream result, CancellationToken cancellation)
    {
        using var reader = new StreamReader(result);
        return await reader.ReadToEndAsync(cancellation);
    }

    private async Task<T> Answered<T>(string answers, int piece, Func<ControlClient, Task<T>> ask)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        using var client = await ControlClient.Connect(SocketPath, Cancellation);
        using (var served = await listener.AcceptAsync(Cancellation))
        {
            var asked = ask(client);
            foreach (var part in Encoding.UTF8.GetBytes(answers).Chunk(piece))
                await served.SendAsync(part, Cancellation);
            served.Shutdown(SocketShutdown.Send);
            return await asked;
        }
    }
}
