using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Router.Daemon;

/// <summary>The port as a host: what the router is a member of itself on the LAN.</summary>
internal sealed partial class RouterPort
{
    // While the link is up: on another one, its routers know nothing of this host, nor it of them.
    private LocalJoins? localJoins;

    private void Send(SendAsMember message)
    {
        if (!TrySend(message, out var length))
            return;
        // The router hears the host on its port as it hears any other: in a turn of its own, and after what has come before.
        var (host, copy) = (localJoins, packet.AsSpan(0, length).ToArray());
        loop.Post(() =>
        {
            if (localJoins == host)
                HearOwn(copy);
        });
    }

    private void HearOwn(byte[] sent)
    {
        Hear();
        lastHeard = dueAt = KernelClock.Monotonic;
        // What was said before the router became one of an older version, or because it does, it no longer understands itself (§7.3.1).
        if (IgmpPacket.TryRead(sent, out var own) == PacketError.None && own.Message.Version <= Core.Settings.Version)
            apply(this, Core.ReceiveIgmp(own, lastHeard));
    }

    private bool TrySend(SendAsMember message, out int length)
    {
        length = 0;
        if (socket is null)
            return false;
        try
        {
            length = MemberMessage.WriteIgmp(packet, message, address);
            socket.Send(packet.AsSpan(0, length), PacketSocketOptions.Ipv4, MacAddress.ForGroup(message.Destination));
        }
        catch (LinuxException refused)
        {
            // As with any lost report: its repetition or the next query mends it (RFC 9776 §5.1).
            counters.SendFailures++;
            log.Warning(Name, $"report not sent: {refused.Message}");
            return false;
        }

        if (message is SendLeave)
            counters.LeavesSent++;
        else
            counters.ReportsSent++;
        return true;
    }

    // The router itself goes with its host: to hear it leave would only have it ask whether others stay.
    private void LeaveLocalJoins()
    {
        foreach (var message in localJoins?.Leave() ?? [])
            TrySend(message, out _);
    }
}
