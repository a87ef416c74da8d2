using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.Connections;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>The clients of a server: so many at once, and each for its time.</summary>
public sealed class ConnectionSetTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("connections-").FullName;
    private readonly EventLoop loop = new();
    private readonly ConnectionSet set;

    public ConnectionSetTests() => set = new ConnectionSet(loop, most: 2, "too many\n"u8.ToArray());

    private string SocketPath => Path.Combine(folder, "daemon.sock");

    public void Dispose()
    {
        set.Dispose();
        loop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Who_is_late_is_cut_off_and_the_others_stay()
    {
        var now = KernelClock.Monotonic;
        var late = new Client(loop) { Deadline = now + TimeSpan.FromMilliseconds(20) };
        var slow = new Client(loop) { Deadline = now + TimeSpan.FromHours(1) };
        set.Add(slow);
        set.Add(late);

        loop.Run();

        late.WasLate.Should().BeTrue();
        slow.IsCutOff.Should().BeFalse();
    }

    [Fact]
    public void A_deadline_that_has_been_put_off_holds()
    {
        var client = new Client(loop) { Deadline = KernelClock.Monotonic + TimeSpan.FromMilliseconds(5) };
        set.Add(client);
        client.Deadline += TimeSpan.FromMilliseconds(20);

        loop.Run();

        client.WasLate.Should().BeTrue();
    }

    [Fact]
    public void A_deadline_that_comes_later_is_told()
    {
        var client = new Client(loop) { Deadline = Instant.Never };
        set.Add(client);
        client.Deadline = KernelClock.Monotonic;
        set.DeadlineIs(client.Deadline);

        loop.Run();

        client.IsCutOff.Should().BeTrue();
    }

    [Fact]
    public void Those_beyond_the_bound_are_told_until_others_leave()
    {
        var first = new Client(loop);
        set.Add(first);
        set.IsFull.Should().BeFalse();
        set.Add(new Client(loop));
        set.IsFull.Should().BeTrue();
        using var listener = ControlListener.Open(SocketPath);
        using var beyond = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        beyond.Connect(new UnixDomainSocketEndPoint(SocketPath));

        set.TurnAway(Acceptor.Accept(listener));

        var buffer = new byte[100];
        Encoding.ASCII.GetString(buffer, 0, beyond.Receive(buffer)).Should().Be("too many\n");
        beyond.Receive(buffer).Should().Be(0);
        set.Remove(first);
        set.IsFull.Should().BeFalse();
    }

    [Fact]
    public void At_the_end_all_are_closed()
    {
        var clients = new[] { new Client(loop), new Client(loop) };
        foreach (var each in clients)
            set.Add(each);

        set.Dispose();

        clients.Should().OnlyContain(each => each.IsClosed);
    }

    private sealed class Client(EventLoop loop) : IConnection
    {
        public Instant Deadline { get; set; } = Instant.Never;

        public bool IsCutOff { get; private set; }

        public bool WasLate { get; private set; }

        public bool IsClosed { get; private set; }

        public void CutOff()
        {
            IsCutOff = true;
            WasLate = KernelClock.Monotonic >= Deadline;
            Deadline = Instant.Never;
            loop.Stop();
        }

        public void Close() => IsClosed = true;
    }
}
