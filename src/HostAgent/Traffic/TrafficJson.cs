using System.Text.Json.Serialization;
using MulticastLab.Daemon.State;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Traffic;

// What is said of datagrams, as it stands in JSON. Instants are seconds since 1970 with nine decimals, as text, since numbers of JSON do
// not hold that many digits; lists are made while they are written.

/// <summary>What a receiver has got.</summary>
internal sealed record ReportLeaves(
    Address Group, ushort Port, long Received, ulong Lost, long Duplicates, long Reordered, long Foreign, long DroppedByKernel,
    IEnumerable<StreamLeaves> Streams);

/// <summary>What a receiver has got of a stream.</summary>
internal sealed record StreamLeaves(
    Address Source, string Stream, long Received, ulong Lost, long Duplicates, long Reordered, ulong FirstSequence, ulong LastSequence,
    string FirstAt, string LastAt, DelayLeaves DelayUs, IEnumerable<GapLeaves> Gaps);

/// <summary>Delays in microseconds.</summary>
internal sealed record DelayLeaves(double Least, double Mean, double Most);

/// <summary>Numbers that never arrived.</summary>
internal sealed record GapLeaves(ulong From, ulong To, ulong Count, string At, double DurationUs);

/// <summary>The last line of the agent's <c>receive</c>.</summary>
internal sealed record ReportAnswer(ReportLeaves Report);

/// <summary>A <see cref="DatagramLine"/>, of a group and port that its reader knows.</summary>
internal sealed record DatagramLeaves(Address Source, ulong Sequence, int Length, long AtNs, long DelayNs);

/// <summary>What <c>hostagent send</c> has done.</summary>
internal sealed record SentLeaves(Address Group, ushort Port, string Stream, ulong Sent, ulong Unsent, double DurationUs);

[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(DatagramLeaves))]
[JsonSerializable(typeof(SentLeaves))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectRequiredConstructorParameters = true,
    Converters = [typeof(AddressConverter)])]
internal sealed partial class TrafficContext : JsonSerializerContext;
