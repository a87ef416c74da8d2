using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Wires;

/// <summary>Finds the devices on an interface by what they say.</summary>
public static class DeviceSearch
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a querier.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="dialect">The protocol.</param>
    /// <param name="patience">How long.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The addresses of those that queried until the first one did, which is one, or none.</returns>
    /// <exception cref="LinuxException">The interface cannot be listened to.</exception>
    public static IReadOnlyList<Address> Queriers(
        string interfaceName, Dialect dialect, TimeSpan patience, CancellationToken cancellation)
    {
        using var socket = PacketSocket.Open(interfaceName, new PacketSocketOptions { IgnoreOutgoing = true, AllMulticast = true });
        return Listen(
            socket, dialect, patience, frame => frame.Query is { Kind: QueryKind.General }, stopAtFirst: true, cancellation);
    }

    /// <summary>Asks for members, from no address, and listens to the answers.</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="dialect">The protocol.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The addresses of those that have answered.</returns>
    /// <exception cref="LinuxException">The interface cannot be listened to, or sent on.</exception>
    public static IReadOnlyList<Address> Members(string interfaceName, Dialect dialect, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        using var socket = PacketSocket.Open(interfaceName, new PacketSocketOptions { IgnoreOutgoing = true, AllMulticast = true });
        var usual = Timing.Default;
        var query = new QueryContent(
            Generation.Sources, AnswerTime, dialect.Unspecified, false, usual.RobustnessVariable, usual.QueryInterval, []);
        var packet = new TesterPacket
        {
            Dialect = dialect, Message = new SendQuery(query, dialect.AllSystems), Source = dialect.Unspecified,
        };
        socket.Send(packet.ToFrame(LinkInfo.Read(interfaceName).Mac));
        return Listen(
            socket, dialect, AnswerTime + RealLab.UsualLatency, frame => frame.Report is not null || frame.GroupMessage is not null,
            stopAtFirst: false, cancellation);
    }

    private static List<Address> Listen(
        PacketSocket socket, Dialect dialect, TimeSpan patience, Func<SeenFrame, bool> counts, bool stopAtFirst,
        CancellationToken cancellation)
    {
        var found = new SortedSet<Address>();
        socket.Listen(
            patience,
            (in packet) =>
            {
                var frame = SeenFrame.Decode(new LabFrame(0, packet.At, "", LabFrame.Stranger, "", packet.Bytes.ToArray()), dialect);
                return counts(frame) && !frame.Envelope.Source.IsUnspecified && found.Add(frame.Envelope.Source) && stopAtFirst;
            },
            cancellation);
        return [.. found];
    }
}
