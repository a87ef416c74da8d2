using System.Text.Json;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.Host;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>The reception state of a host's interface, as <c>show</c> prints it.</summary>
/// <param name="Stack">Whose stack: kernel, user.</param>
/// <param name="Interface">The interface.</param>
/// <param name="CompatibilityMode">The IGMP version that it speaks now (RFC 9776 §7.2.1).</param>
/// <param name="CompatibilityModeExpires">When it returns to a newer one if no older querier is heard again; null when that is not
/// known.</param>
/// <param name="Groups">The groups, ascending.</param>
/// <param name="Differences">Where the kernel's state differs from what it should be; empty when all is well.</param>
internal sealed record StackState(
    string Stack,
    string Interface,
    int CompatibilityMode,
    TimeSpan? CompatibilityModeExpires,
    IReadOnlyList<ReceptionState> Groups,
    IReadOnlyList<string> Differences)
{
    /// <summary>Writes it as JSON.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("stack", Stack);
        writer.WriteString("interface", Interface);
        writer.WriteNumber("compatibility-mode", CompatibilityMode);
        if (CompatibilityModeExpires is { } expires)
            writer.WriteNumber("compatibility-mode-expires-ms", (long)expires.TotalMilliseconds);
        writer.WriteStartArray("groups");
        foreach (var group in Groups)
            ReceptionStateJson.Write(writer, group);
        writer.WriteEndArray();
        writer.WriteStartArray("differences");
        foreach (var difference in Differences)
            writer.WriteStringValue(difference);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
