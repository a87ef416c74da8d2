using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.Http;
using MulticastLab.Linux.Posix;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>The small HTTP server: RFC 9112 as far as one page needs it, and strict limits for those who misuse it.</summary>
public sealed class HttpServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EventLoop loop = new();
    private readonly Thread thread;
    private readonly HttpServer server;
    private readonly IPEndPoint endPoint;

    // 3 MB in which no two places look the same.
    private readonly ReadOnlyMemory<byte> body = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(1_000_000, 375_000)));

    public HttpServerTests()
    {
        (server, endPoint) = Listen();
        thread = new Thread(loop.Run);
        thread.Start();
    }

    public void Dispose()
    {
        server.Dispose();
        loop.Stop();
        thread.Join();
        loop.Dispose();
    }

    [Fact]
    public void GET_is_answered_whole_and_the_connection_closed()
    {
        var (head, content) = Ask("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");

        head.Should()
            .StartWith("HTTP/1.1 200 OK\r\n")
            .And.Contain("Content-Type: text/plain\r\n")
            .And.Contain("Content-Length: 5\r\n")
            .And.Contain("Connection: close\r\n");
        content.Should().Be("hello");
    }

    [Fact]
    public void A_large_answer_arrives_whole()
    {
        var (head, content) = Ask("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");

        head.Should().Contain($"Content-Length: {body.Length}\r\n");
        content.Length.Should().Be(body.Length);
        content
            .AsSpan()
            .CommonPrefixLength(Encoding.ASCII.GetString(body.Span))
            .Should()
            .Be(body.Length, "this is where the first difference is");
    }

    [Fact]
    public void HEAD_gets_the_head_of_GET_alone()
    {
        var (head, content) = Ask("HEAD /small HTTP/1.1\r\nHost: a\r\n\r\n");

        head.Should().Contain(" 200 ").And.Contain("Content-Length: 5\r\n");
        content.Should().BeEmpty();
    }

    [Theory]
    [InlineData("GET /none HTTP/1.1\r\nHost: a\r\n\r\n", "404")]
    [InlineData("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", "405")]
    [InlineData("DELETE /small HTTP/1.1\r\nHost: a\r\n\r\n", "405")]
    [InlineData("GET /small HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /small HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET /small HTTP/1.0\r\n\r\n", "200")]
    [InlineData("GET /small?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", "200")]
    [InlineData("GET http://a/small HTTP/1.1\r\nHost: a\r\n\r\n", "200")]
    [InlineData("GET /small HTTP/1.1\nHost: a\n\n", "200")]
    [InlineData("GET small HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [InlineData("GET  /small HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [InlineData("PRI * HTTP/2.0\r\n\r\n", "505")]
    [InlineData("garbage\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\n\n", "400")]
    public void Each_request_gets_its_status(string request, string status) => Ask(request).Head.Should().StartWith($"HTTP/1.1 {status} ");

    [Fact]
    public void A_405_names_what_is_allowed() =>
        Ask("PUT /small HTTP/1.1\r\nHost: a\r\n\r\n").Head.Should().Contain("Allow: GET, HEAD\r\n");

    [Fact]
    public void A_head_without_end_is_refused_at_8_KiB() =>
        Ask("GET /small HTTP/1.1\r\nHost: " + new string('a', 20_000)).Head.Should().StartWith("HTTP/1.1 431 ");

    [Fact]
    public void A_client_that_has_ended_its_side_still_gets_its_answer()
    {
        using var client = Connect();
        client.Send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n"u8);
        client.Shutdown(SocketShutdown.Send);

        ReadAll(client).Should().EndWith("hello");
    }

    [Fact]
    public void A_client_that_does_not_finish_its_request_is_cut_off()
    {
        using var client = Connect();
        client.Send("GET /small HTT"u8);

        // The read ends when the server closes, which it does after the client's time; the socket's own limit is longer.
        client.Receive(new byte[100]).Should().Be(0);
    }

    [Fact]
    public void A_client_that_does_not_read_its_answer_is_cut_off()
    {
        using var client = Connect();
        client.Send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"u8);

        // It is closed with much unsent: what the client then reads is less than was promised.
        SpinWait.SpinUntil(() => client.Poll(TimeSpan.Zero, SelectMode.SelectError) || IsReset(client), Patience).Should().BeTrue();
    }

    [Fact]
    public void Beyond_the_limit_clients_are_told_and_when_others_leave_served_again()
    {
        var idle = Enumerable.Range(0, HttpServer.MostConnections).Select(_ => Connect()).ToList();
        ReadUntilServedOrRefused().Should().StartWith("HTTP/1.1 503 ");
        idle.ForEach(each => each.Dispose());

        SpinWait
            .SpinUntil(() => ReadUntilServedOrRefused().StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), Patience)
            .Should()
            .BeTrue();
    }

    [Fact]
    public void A_port_that_is_taken_is_named() => FluentActions.Invoking(() => HttpServer.Start(endPoint, loop, _ => { }))
        .Should().Throw<LinuxException>().WithMessage($"bind for {endPoint}: EADDRINUSE*");

    [Fact]
    public void It_speaks_IPv6_too()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        var free = new IPEndPoint(IPAddress.IPv6Loopback, endPoint.Port);
        using var other = HttpServer.Start(free, loop, Handle);
        using var client = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(free);
        client.Send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n"u8);

        ReadAll(client).Should().EndWith("hello");
    }

    private static bool IsReset(Socket client)
    {
        try
        {
            client.Send("x"u8);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static string ReadAll(Socket client)
    {
        var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (client.Receive(buffer) is > 0 and var count)
            all.Write(buffer, 0, count);
        return Encoding.ASCII.GetString(all.ToArray());
    }

    private string ReadUntilServedOrRefused()
    {
        using var client = Connect();
        try
        {
            client.Send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n"u8);
            var buffer = new byte[100];
            return Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private (string Head, string Body) Ask(string request)
    {
        using var client = Connect();
        client.Send(Encoding.Latin1.GetBytes(request));
        var answer = ReadAll(client);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (answer[..end], answer[end..]);
    }

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
        };
        client.Connect(endPoint);
        return client;
    }

    private void Handle(HttpCall call)
    {
        if (call.Path == "/small")
            call.Answer("text/plain", () => "hello"u8.ToArray());
        else if (call.Path == "/large")
            call.Answer("text/plain", () => body);
        else
            call.NotFound("nothing here");
    }

    private (HttpServer Server, IPEndPoint EndPoint) Listen()
    {
        // A port that was free a moment ago may be taken by others of this machine: then another one.
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var free = (IPEndPoint)probe.LocalEndPoint!;
            probe.Dispose();
            try
            {
                return (HttpServer.Start(free, loop, Handle), free);
            }
            catch (LinuxException taken) when (taken.Error == Errno.AddressInUse)
            {
            }
        }
    }
}
