using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Commands;

/// <summary>What is to be received.</summary>
/// <param name="Group">The group.</param>
/// <param name="Port">The port.</param>
/// <param name="Filter">Which sources.</param>
/// <param name="Count">After how many datagrams it ends; null to wait for a signal.</param>
/// <param name="Json">Whether only the report is wanted, as JSON.</param>
internal sealed record ReceiveRequest(Address Group, ushort Port, SourceFilter Filter, ulong? Count, bool Json)
{
    /// <summary>Writes the members of the agent's <c>receive</c> command.</summary>
    public void WriteTo(Utf8JsonWriter writer) => HostAgentRequests.Receive(writer, Group, Port, Filter, Count, each: !Json);
}
