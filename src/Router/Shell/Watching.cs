using System.Globalization;
using System.Text.Json;
using MulticastLab.Daemon.Logging;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.Router.Shell;

/// <summary>Continuous output, line by line, until the user interrupts it.</summary>
internal static class Watching
{
    private static readonly string[] EventMembers = ["interface", "kind", "group", "source", "querier"];

    private static readonly PacketSocketOptions SocketOptions = new()
    {
        Protocol = Dialect.Igmp.Filter.EtherType,
        LinkHeader = false,
        Filter = PacketFilter.Of(Dialect.Igmp.Filter),
        AllMulticast = true,
    };

    /// <summary>The router's changes of state.</summary>
    public static IEnumerable<string> Events(ShellSession session) => session.Stream("events").Select(Text);

    /// <summary>The IGMP messages on the router's interfaces, seen by sockets of the shell's own.</summary>
    /// <param name="session">The shell.</param>
    /// <param name="most">After how many to end; null until interrupted.</param>
    /// <exception cref="LinuxException">The shell may not open packet sockets.</exception>
    public static void Messages(ShellSession session, int? most)
    {
        using var loop = new EventLoop();
        using var batch = new PacketBatch(64);
        using var until = session.Interruptible(loop.Stop);
        var sockets = new List<PacketSocket>();
        var printed = 0;
        try
        {
            foreach (var name in session.Summary().Interfaces.Where(each => each.Up).Select(each => each.Name))
            {
                var socket = PacketSocket.Open(name, SocketOptions);
                sockets.Add(socket);
                loop.Watch(socket.Descriptor, () => Read(name, socket));
            }

            loop.Run();
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }

        void Read(string name, PacketSocket socket)
        {
            var count = socket.Receive(batch);
            for (var i = 0; i < count && printed != most; i++, printed++)
                session.Print($"{Time(DaemonLog.Format(batch[i].At))} {name} {FrameDecoder.Decode(batch[i].Bytes, LinkType.Ipv4)}");
            if (printed == most)
                loop.Stop();
        }
    }

    private static string Text(JsonElement line)
    {
        var parts = EventMembers.Select(name => line.TryGetProperty(name, out var value) ? value.ToString() : "");
        return $"{Time(line.GetProperty("time").GetString()!)} {string.Join(' ', parts.Where(part => part.Length > 0))}";
    }

    // The time of day of an RFC 3339 time: the viewer knows the date.
    private static string Time(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
