using System.Globalization;
using System.Text.Json;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Traffic;

/// <summary>One received datagram, as <c>receive</c> prints it.</summary>
/// <param name="Source">The source address.</param>
/// <param name="Group">The group.</param>
/// <param name="Port">The port.</param>
/// <param name="Sequence">The number within its stream.</param>
/// <param name="Length">The payload's length in bytes.</param>
/// <param name="At">The kernel's receive timestamp.</param>
/// <param name="Delay">The time since it was sent.</param>
internal sealed record DatagramLine(Address Source, Address Group, ushort Port, ulong Sequence, int Length, Instant At, TimeSpan Delay)
{
    /// <summary>Reads what <see cref="WriteTo"/> wrote, of the same group and port.</summary>
    public static DatagramLine Read(JsonElement json, Address group, ushort port)
    {
        var leaves = json.Deserialize(TrafficContext.Default.DatagramLeaves)!;
        return new DatagramLine(
            leaves.Source, group, port, leaves.Sequence, leaves.Length, new Instant(leaves.AtNs), TimeSpan.FromTicks(leaves.DelayNs / 100));
    }

    /// <summary>Writes it as JSON.</summary>
    public void WriteTo(Utf8JsonWriter writer) => JsonSerializer.Serialize(
        writer, new DatagramLeaves(Source, Sequence, Length, At.Nanoseconds, Delay.Ticks * 100), TrafficContext.Default.DatagramLeaves);

    /// <summary><c>1763729645.123456789 10.0.0.9 > 239.1.1.1:5001 #12, 32 bytes, 41.2 µs</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{At} {Source} > {Group}:{Port} #{Sequence}, {Length} bytes, {Delay.TotalMicroseconds:F1} µs");
}
