using System.Net.Sockets;
using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Daemon.Connections;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>Taking the clients of a listening socket (accept(2)), also when the kernel gives none.</summary>
public sealed class AcceptorTests : IDisposable
{
    private const int OutOfDescriptors = 24; // EMFILE

    private readonly string folder = Directory.CreateTempSubdirectory("acceptor-").FullName;
    private readonly FileDescriptor listener;
    private readonly EventLoop loop = new();
    private readonly Queue<int> refusals = new();
    private readonly List<Instant> asked = [];
    private readonly List<FileDescriptor> accepted = [];

    public AcceptorTests() => listener = ControlListener.Open(SocketPath);

    private string SocketPath => Path.Combine(folder, "daemon.sock");

    public void Dispose()
    {
        accepted.ForEach(each => each.Dispose());
        listener.Dispose();
        loop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Out_of_descriptors_it_pauses_and_goes_on()
    {
        refusals.Enqueue(OutOfDescriptors);
        using var client = Connect();
        using var acceptor = Begin(stopAfter: 1);

        loop.Run();

        // The client waits all the time, and nobody asks for it in between.
        asked.Should().HaveCount(2);
        (asked[1] - asked[0]).Should().BeGreaterThanOrEqualTo(Acceptor.Pause);
        client.Send("x"u8);
        accepted[0].Receive(new byte[2], out var count).Should().Be(StreamReception.Bytes);
        count.Should().Be(1);
    }

    [Theory]
    [InlineData(Errno.ConnectionAborted)]
    [InlineData(Errno.Interrupted)]
    [InlineData(Errno.TryAgain)]
    public void A_client_that_has_gone_away_is_no_reason_to_pause(int errno)
    {
        refusals.Enqueue(errno);
        using var client = Connect();
        using var acceptor = Begin(stopAfter: int.MaxValue);

        // The listener is readable as soon as the loop waits again: long before it has come round three times.
        loop.Post(() => loop.Post(() => loop.Post(() => loop.Post(loop.Stop))));
        loop.Run();

        accepted.Should().ContainSingle();
    }

    [Fact]
    public void A_client_that_has_come_and_gone_does_not_keep_the_next_one_waiting()
    {
        Connect().Dispose();
        using var client = Connect();
        using var acceptor = Begin(stopAfter: 2);

        loop.Run();

        accepted[0].Receive(new byte[1], out _).Should().Be(StreamReception.End);
        accepted[1].Receive(new byte[1], out _).Should().Be(StreamReception.Nothing);
    }

    [Fact]
    public void Ended_in_a_pause_it_stays_ended()
    {
        refusals.Enqueue(OutOfDescriptors);
        using var client = Connect();
        var acceptor = Begin(stopAfter: int.MaxValue);
        using var afterwards = loop.AddTimer(loop.Stop);
        loop.Post(() => loop.Post(() =>
        {
            asked.Should().ContainSingle("it pauses");
            acceptor.Dispose();
            afterwards.Set(asked[0] + (2 * Acceptor.Pause));
        }));

        loop.Run();

        asked.Should().ContainSingle();
        accepted.Should().BeEmpty();
    }

    private Acceptor Begin(int stopAfter) => new(
        listener,
        loop,
        socket =>
        {
            asked.Add(KernelClock.Monotonic);
            if (!refusals.TryDequeue(out var errno))
                return Acceptor.Accept(socket);
            Marshal.SetLastPInvokeError(errno);
            return new FileDescriptor(-1);
        },
        client =>
        {
            accepted.Add(client);
            if (accepted.Count == stopAfter)
                loop.Stop();
        });

    private Socket Connect()
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return client;
    }
}
