using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>The control socket: JSON lines between a real server and a real client (DESIGN §5, issue 3 §4).</summary>
public sealed class ControlTests : IDisposable
{
    private const int NumbersPerPiece = 1_000;

    private readonly string folder = Directory.CreateTempSubdirectory("control-").FullName;
    private readonly EventLoop daemon = new();
    private readonly Thread daemonThread;

    public ControlTests()
    {
        daemonThread = new Thread(daemon.Run);
        daemonThread.Start();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(folder, "daemon.sock");

    public void Dispose()
    {
        daemon.Stop();
        daemonThread.Join();
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_command_runs_on_the_daemons_thread_and_its_result_comes_back()
    {
        Thread? ranOn = null;
        using var server = Serve(call =>
        {
            ranOn = Thread.CurrentThread;
            var name = call.Request.GetProperty("name").GetString();
            call.Succeed(writer => writer.WriteStringValue($"hello {name}"));
        });
        using var client = await ControlClient.Connect(SocketPath, Cancellation);

        var result = await client.Ask("greet", writer => writer.WriteString("name", "eth0"), Cancellation);

        result.GetString().Should().Be("hello eth0");
        ranOn.Should().BeSameAs(daemonThread);
    }

    [Fact]
    public async Task The_wire_is_one_line_of_JSON_each_way()
    {
        using var server = Serve(call => call.Succeed(writer => writer.WriteNumberValue(7)));

        (await Say("{\"command\":\"show\"}\n", lines: 1)).Should().Equal("{\"ok\":true,\"result\":7}");
    }

    [Fact]
    public async Task An_answer_without_a_result_says_only_ok()
    {
        using var server = Serve(call => call.Succeed());

        (await Say("{\"command\":\"leave\"}\n", lines: 1)).Should().Equal("{\"ok\":true}");
    }

    [Fact]
    public async Task A_refusal_carries_its_words_and_its_exit_code()
    {
        using var server = Serve(call => call.Fail("no such group", ExitCode.Invalid));

        (await Say("{\"command\":\"leave\"}\n", lines: 1)).Should().Equal("{\"ok\":false,\"error\":\"no such group\",\"exit\":3}");
    }

    [Fact]
    public async Task A_handler_that_throws_refuses_and_the_next_command_is_answered()
    {
        using var server = Serve(call =>
        {
            if (call.Command == "bad")
                throw new ControlException("not with me", ExitCode.Environment);
            call.Succeed();
        });
        using var client = await ControlClient.Connect(SocketPath, Cancellation);

        var refusal = await client.Invoking(it => it.Ask("bad", null, Cancellation)).Should().ThrowAsync<ControlException>();
        refusal.Which.Message.Should().Be("not with me");
        refusal.Which.ExitCode.Should().Be(ExitCode.Environment);
        (await client.Ask("good", null, Cancellation)).ValueKind.Should().Be(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task Several_commands_in_one_packet_are_answered_in_order()
    {
        using var server = Serve(call => call.Succeed(writer => writer.WriteStringValue(call.Command)));

        (await Say("{\"command\":\"a\"}\n{\"command\":\"b\"}\n{\"command\":\"c\"}\n", lines: 3)).Should().Equal(
            "{\"ok\":true,\"result\":\"a\"}", "{\"ok\":true,\"result\":\"b\"}", "{\"ok\":true,\"result\":\"c\"}");
    }

    [Fact]
    public async Task A_client_that_ends_its_side_still_gets_a_late_answer()
    {
        ControlCall? waiting = null;
        using var received = new SemaphoreSlim(0);
        using var server = Serve(call =>
        {
            waiting = call;
            received.Release();
        });
        using var socket = await Open();
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"command\":\"slow\"}\n"), Cancellation);
        socket.Shutdown(SocketShutdown.Send);
        await received.WaitAsync(Cancellation);

        waiting!.Succeed();

        (await ReadToEnd(socket)).Should().Be("{\"ok\":true}\n");
    }

    [Theory]
    [InlineData("hello\n", "a request is one line of JSON")]
    [InlineData("[]\n", "a request is a JSON object with a string \\u0022command\\u0022")]
    [InlineData("{\"command\":1}\n", "a request is a JSON object with a string \\u0022command\\u0022")]
    public async Task What_is_no_request_is_refused_as_a_usage_error_and_the_connection_closed(string request, string error)
    {
        using var server = Serve(call => call.Succeed());
        using var socket = await Open();
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), Cancellation);

        (await ReadToEnd(socket)).Should().StartWith("{\"ok\":false,\"error\":\"" + error).And.EndWith("\"exit\":2}\n");
    }

    [Fact]
    public async Task A_request_without_an_end_is_cut_off_at_a_mebibyte()
    {
        using var server = Serve(call => call.Succeed());
        using var socket = await Open();
        var sending = socket.SendAsync(Encoding.UTF8.GetBytes(new string('x', (1 << 20) + 1)), Cancellation);

        (await ReadToEnd(socket)).Should().Contain("at most 1048576 bytes");
        await sending;
    }

    [Fact]
    public async Task A_stream_sends_its_lines_after_ok_until_the_daemon_closes()
    {
        using var server = Serve(call =>
        {
            var stream = call.Stream();
            for (var i = 1; i <= 3; i++)
            {
                var number = i;
                stream.Send(writer => writer.WriteNumberValue(number));
            }

            stream.Close();
        });
        using var client = await ControlClient.Connect(SocketPath, Cancellation);
        await client.Ask("events", null, Cancellation);

        var lines = new List<int>();
        await foreach (var line in client.Lines(Cancellation))
            lines.Add(line.GetInt32());

        lines.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_stream_ends_when_its_client_goes()
    {
        var opened = new TaskCompletionSource<ControlStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = Serve(call => opened.SetResult(call.Stream()));
        using (var client = await ControlClient.Connect(SocketPath, Cancellation))
            await client.Ask("events", null, Cancellation);

        var stream = await opened.Task.WaitAsync(Cancellation);
        await Eventually.Is(() => !stream.IsOpen, () => "The stream stays open.");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_off_and_others_are_served()
    {
        var opened = new TaskCompletionSource<ControlStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = Serve(call =>
        {
            if (call.Command == "events")
                opened.SetResult(call.Stream());
            else
                call.Succeed();
        });
        using var slow = await ControlClient.Connect(SocketPath, Cancellation);
        await slow.Ask("events", null, Cancellation);
        var stream = await opened.Task.WaitAsync(Cancellation);
        var text = new string('x', 1 << 16);

        // Each turn lets the control thread work off what was sent, so that only an unread line is a line that waits.
        using var other = await ControlClient.Connect(SocketPath, Cancellation);
        for (var sent = 0; stream.IsOpen; sent += text.Length)
        {
            sent.Should().BeLessThan(16 << 20);
            stream.Send(writer => writer.WriteStringValue(text));
            await other.Ask("ping", null, Cancellation);
        }
    }

    [Fact]
    public async Task A_long_answer_to_a_reader_that_reads_is_not_cut()
    {
        // 16 MB in which no two places look the same: what is lost, doubled or exchanged on the way shows.
        var text = string.Join(' ', Enumerable.Range(1_000_000, 2_000_000));
        using var server = Serve(call => call.Succeed(writer => writer.WriteStringValue(text)));
        using var client = await ControlClient.Connect(SocketPath, Cancellation);

        var answer = (await client.Ask("show", null, Cancellation)).GetString()!;

        answer.Length.Should().Be(text.Length);
        answer.AsSpan().CommonPrefixLength(text).Should().Be(text.Length, "this is where the first difference is");
    }

    [Fact]
    public async Task A_thousand_clients_at_once_are_served_or_told_that_they_are_too_many()
    {
        using var server = Serve(call => call.Succeed());
        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(async () =>
        {
            using var client = await ControlClient.Connect(SocketPath, Cancellation);
            try
            {
                await client.Ask("ping", null, Cancellation);
                return "served";
            }
            catch (ControlException refused)
            {
                return refused.Message;
            }
        }, Cancellation)));

        answers
            .Should()
            .OnlyContain(each => each == "served" || each == $"more than {ControlServer.MostClients} clients at once")
            .And.Contain("served");
    }

    [Fact]
    public async Task Beyond_the_limit_a_client_is_told_and_when_others_leave_served()
    {
        using var server = Serve(call => call.Succeed());
        var idle = new List<Socket>();
        for (var i = 0; i < ControlServer.MostClients; i++)
            idle.Add(await Open());
        using (var beyond = await ControlClient.Connect(SocketPath, Cancellation))
            (await beyond.Invoking(it => it.Ask("ping", null, Cancellation)).Should().ThrowAsync<ControlException>()).WithMessage(
                "more than 256 clients at once");

        idle.ForEach(each => each.Dispose());

        await Eventually.Is(IsServed, () => "There is still no room.");
    }

    [Fact]
    public async Task An_answer_in_pieces_arrives_whole_and_the_next_request_is_served()
    {
        const int Pieces = 300;
        using var server = Serve(call => call.Succeed(Made(Pieces)));
        using var client = await ControlClient.Connect(SocketPath, Cancellation);

        for (var i = 0; i < 2; i++)
        {
            (await client.Ask("show", null, Cancellation))
                .EnumerateArray()
                .Select(each => each.GetInt32())
                .SequenceEqual(Enumerable.Range(0, Pieces * NumbersPerPiece))
                .Should()
                .BeTrue("each number comes once and in its place");
        }
    }

    [Fact]
    public async Task An_answer_is_made_no_faster_than_it_is_read()
    {
        var made = 0;
        using var server = Serve(call =>
        {
            if (call.Command == "ping")
                call.Succeed();
            else
                call.Succeed(Made(100_000).Select(each =>
                {
                    Interlocked.Increment(ref made);
                    return each;
                }));
        });
        using var slow = await Open();
        await slow.SendAsync("{\"command\":\"show\"}\n"u8.ToArray(), Cancellation);
        await Eventually.Is(() => Volatile.Read(ref made) > 0, () => "Nothing is made.");
        using var other = await ControlClient.Connect(SocketPath, Cancellation);
        for (var i = 0; i < 100; i++)
            await other.Ask("ping", null, Cancellation);

        // Some kilobytes each: what the socket's buffer holds, and one more that waits; of more than half a gigabyte.
        made.Should().BeLessThan(1_000);
    }

    [Fact]
    public async Task A_reader_of_shared_lines_that_does_not_read_is_cut_off_however_fast_they_come()
    {
        var opened = new TaskCompletionSource<ControlStream>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = Serve(call => opened.SetResult(call.Stream()));
        using var slow = await ControlClient.Connect(SocketPath, Cancellation);
        await slow.Ask("events", null, Cancellation);
        var stream = await opened.Task.WaitAsync(Cancellation);
        var lines = Encoding.ASCII.GetBytes(new string('x', 64 * 1024 - 1) + "\n");

        // Without a pause: what the control thread has not got round to counts too.
        var sent = 0;
        while (stream.IsOpen)
        {
            stream.Send(lines);
            (sent += lines.Length).Should().BeLessThan(256 << 20);
        }
    }

    // The numbers from 0 on, a thousand per piece, in an array.
    private static IEnumerable<ReadOnlyMemory<byte>> Made(int pieces)
    {
        yield return "["u8.ToArray();
        for (var i = 0; i < pieces; i++)
        {
            var numbers = string.Join(',', Enumerable.Range(i * NumbersPerPiece, NumbersPerPiece));
            yield return Encoding.ASCII.GetBytes(i == 0 ? numbers : "," + numbers);
        }

        yield return "]"u8.ToArray();
    }

    [Fact]
    public void The_sockets_file_is_its_owners_alone_and_goes_with_the_daemon()
    {
        using (Serve(call => call.Succeed()))
            File.GetUnixFileMode(SocketPath).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Directory.GetFileSystemEntries(folder).Should().BeEmpty();
    }

    [Fact]
    public async Task A_dead_daemons_socket_is_replaced()
    {
        LeaveStaleSocket();
        File.WriteAllText(SocketPath + ".lock", "4711\n");
        using var server = Serve(call => call.Succeed());
        using var client = await ControlClient.Connect(SocketPath, Cancellation);

        await client.Ask("ping", null, Cancellation);
    }

    [Fact]
    public void A_live_daemons_path_is_refused_with_its_process()
    {
        using var first = Serve(call => call.Succeed());

        var second = () => Serve(call => call.Succeed());

        second
            .Should()
            .Throw<ControlException>()
            .WithMessage($"*belongs to a running daemon (process {Environment.ProcessId})*")
            .Which.ExitCode.Should()
            .Be(ExitCode.Failed);
        File.Exists(SocketPath).Should().BeTrue();
    }

    [Fact]
    public void A_foreign_programs_socket_is_left_alone()
    {
        using var foreign = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        foreign.Bind(new UnixDomainSocketEndPoint(SocketPath));
        foreign.Listen();

        var server = () => Serve(call => call.Succeed());

        server.Should().Throw<ControlException>().WithMessage("another program listens on *");
        Directory.GetFileSystemEntries(folder).Should().Equal(SocketPath);
    }

    [Fact]
    public void A_file_in_the_way_is_left_alone()
    {
        File.WriteAllText(SocketPath, "precious");

        var server = () => Serve(call => call.Succeed());

        server.Should().Throw<ControlException>().WithMessage("*is not a socket*").Which.ExitCode.Should().Be(ExitCode.Usage);
        File.ReadAllText(SocketPath).Should().Be("precious");
    }

    [Fact]
    public async Task A_path_longer_than_a_socket_address_works()
    {
        var deep = Directory.CreateDirectory(Path.Combine(folder, new string('d', 150))).FullName;
        var path = Path.Combine(deep, "daemon.sock");
        using var server = ControlServer.Start(path, daemon.Post, call => call.Succeed());
        using var client = await ControlClient.Connect(path, Cancellation);

        await client.Ask("ping", null, Cancellation);

        File.Exists(path).Should().BeTrue();
    }

    [Fact]
    public async Task Without_a_daemon_the_client_says_so()
    {
        var connect = () => ControlClient.Connect(SocketPath, Cancellation);

        (await connect.Should().ThrowAsync<ControlException>())
            .WithMessage($"no daemon to ask: there is no {SocketPath}")
            .Which.ExitCode.Should()
            .Be(ExitCode.Failed);
    }

    private ControlServer Serve(Action<ControlCall> handle) => ControlServer.Start(SocketPath, daemon.Post, handle);

    private bool IsServed()
    {
        try
        {
            using var client = ControlClient.Connect(SocketPath, Cancellation).GetAwaiter().GetResult();
            client.Ask("ping", null, Cancellation).GetAwaiter().GetResult();
            return true;
        }
        catch (ControlException)
        {
            return false;
        }
    }

    private void LeaveStaleSocket()
    {
        // The base library removes the file of a socket it bound, unless the name has changed by then.
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath + ".old"));
            File.Move(SocketPath + ".old", SocketPath);
        }

        File.Exists(SocketPath).Should().BeTrue();
    }

    private async Task<Socket> Open()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), Cancellation);
        return socket;
    }

    private async Task<string[]> Say(string request, int lines)
    {
        using var socket = await Open();
        await socket.SendAsync(Encoding.UTF8.GetBytes(request), Cancellation);
        using var reader = new StreamReader(new NetworkStream(socket));
        var answers = new string[lines];
        for (var i = 0; i < lines; i++)
            answers[i] = (await reader.ReadLineAsync(Cancellation))!;
        return answers;
    }

    private static async Task<string> ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, Cancellation) is > 0 and var count)
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        return text.ToString();
    }
}
