using System.Globalization;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>A packet of vectors.yaml.</summary>
public sealed class MldVector
{
    /// <summary>What it is called.</summary>
    public string Name { get; set; } = "";

    /// <summary>The requirements that it belongs to.</summary>
    public List<string> Requirements { get; set; } = [];

    /// <summary>What is in it; empty when it cannot be read.</summary>
    public string Message { get; set; } = "";

    /// <summary>Why it cannot be read.</summary>
    public PacketError Error { get; set; }

    /// <summary>Why a router refuses it, or a record of it; null when it does not.</summary>
    public DropReason? Refused { get; set; }

    /// <summary>Whether a sender that follows the RFC writes it in these bytes.</summary>
    public bool Written { get; set; } = true;

    /// <summary>The IPv6 packet in hexadecimal.</summary>
    public string Packet { get; set; } = "";

    /// <summary>The same in bytes.</summary>
    [YamlIgnore]
    public byte[] Bytes => Hex.Bytes(Packet);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, MldVector> All { get; } = Load();

    /// <summary>The names of all, each with the requirements that it belongs to.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The message of a packet, in the words of the file.</summary>
    public static string Text(in MembershipMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Query when !message.Generation.HasSources:
                return FormattableString.Invariant($"v1 query {message.Query.Group} {message.Query.MaxResponseTime.TotalMilliseconds} ms");
            case MessageKind.Query:
                var query = message.Query;
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"query {query.Group} {Set(query.Sources)} {query.MaxResponseTime.TotalMilliseconds} ms, S "
                        + $"{(query.SuppressRouterSideProcessing ? 1 : 0)}, QRV {query.RobustnessVariable}, QQI "
                        + $"{query.QueryInterval.TotalSeconds} s");
            case MessageKind.Report:
                var records = new List<string>();
                foreach (var record in message.Report)
                    records.Add($"{record.Type.ShortName()} {record.Group} {Set(record.Sources)}");
                return "report " + string.Join("; ", records);
            default:
                return $"v1 {(message.GroupMessage.Kind == GroupMessageKind.Report ? "report" : "done")} {message.GroupMessage.Group}";
        }
    }

    /// <summary>The same message as something to send.</summary>
    public static SendMessage ToSend(in MembershipMessage message) => message.Kind switch
    {
        MessageKind.Query => new SendQuery(message.Query.ToContent(), message.Envelope.Destination),
        MessageKind.Report => new SendReport(message.Report.ToContent(), message.Envelope.Destination),
        _ when message.GroupMessage.Kind == GroupMessageKind.Report => new SendOlderReport(message.Generation, message.GroupMessage.Group),
        _ => new SendLeave(message.GroupMessage.Group, message.Envelope.Destination),
    };

    private static string Set(SourceList sources) => $"{{{string.Join(", ", sources.ToArray())}}}";

    private static Dictionary<string, MldVector> Load()
    {
        var path = Path.Combine(Repository.Root, "tests", "Unit", "Packets", "Mld", "vectors.yaml");
        var reader = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build();
        return reader.Deserialize<List<MldVector>>(File.ReadAllText(path)).ToDictionary(each => each.Name);
    }
}
