using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.HostAgent.Traffic;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Agent;

/// <summary>A receiver that the agent runs for a client: reports each datagram if asked to, and a summary at its end.</summary>
/// <param name="group">The group.</param>
/// <param name="port">The port.</param>
/// <param name="count">After how many datagrams it ends; null for no end.</param>
/// <param name="each">Whether every datagram is reported.</param>
/// <param name="ended">Called once, when it has ended.</param>
internal sealed class AgentReceiver(Address group, ushort port, ulong? count, bool each, Action ended)
{
    private readonly ReceptionReport report = new(group, port);
    private IReceiver? socket;
    private bool isEnded;

    /// <summary>Opens the socket.</summary>
    public void Start(Func<DatagramHandler, IReceiver> open) => socket = open(Take);

    /// <summary>The client; set before the loop goes on.</summary>
    public ControlStream? Client { get; set; }

    /// <summary>Stops listening; the client gets the report, and its connection is closed.</summary>
    public void End()
    {
        if (isEnded)
            return;
        isEnded = true;
        socket!.Dispose();
        ended();
        // Nothing is added from here on: the control thread may read it.
        Client?.Send(writer => JsonSerializer.Serialize(writer, new ReportAnswer(Report()), TrafficContext.Default.ReportAnswer));
        Client?.Close();
    }

    /// <summary>Writes the report; after the end.</summary>
    public void WriteReport(Utf8JsonWriter writer) => JsonSerializer.Serialize(writer, Report(), TrafficContext.Default.ReportLeaves);

    private ReportLeaves Report() => report.ToLeaves(socket!.Dropped);

    private void Take(in ReceivedDatagram received)
    {
        if (isEnded)
            return;
        if (report.Add(received, out var datagram) && each)
        {
            var line = new DatagramLine(
                received.Source, group, port, datagram.Sequence, received.Payload.Length, received.At, received.At - datagram.SentAt);
            Client?.Send(line.WriteTo);
        }

        if ((ulong)report.Received == count)
            End();
    }
}
