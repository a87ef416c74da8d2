using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Router.Daemon;

/// <summary>The port as a host: what the router has joined itself on the LAN.</summary>
internal sealed partial class RouterPort
{
    private LocalJoins? localJoins;

    /// <summary>The configuration or the link, which is up, may have changed.</summary>
    private void UpdateLocalJoins(bool comesUp)
    {
        var settings = Core.Settings;
        if (localJoins is not null && (settings.LocalJoins.Count == 0 || localJoins.Basis != LocalJoins.HostSettingsOf(settings)))
        {
            localJoins.Dispose();
            localJoins = null;
        }

        if (settings.LocalJoins.Count == 0)
            return;
        if (localJoins is null)
            localJoins = new LocalJoins(Name, settings, loop, Send);
        else if (comesUp)
            localJoins.LinkUp();
        localJoins.Join(settings.LocalJoins);
    }

    private void Send(SendAsMember message)
    {
        if (socket is null)
            return;
        int length;
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
            return;
        }

        if (message is SendLeave)
            counters.LeavesSent++;
        else
            counters.ReportsSent++;
        // The router hears the host on its port as it hears any other.
        lastHeard = dueAt = KernelClock.Monotonic;
        if (IgmpPacket.TryRead(packet.AsSpan(0, length), out var own) == PacketError.None)
            apply(this, Core.ReceiveIgmp(own, lastHeard));
    }
}
