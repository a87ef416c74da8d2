using System.Text.Json.Serialization;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.State;

// The leaves of a state dump as they appear in JSON. What has no name of its own here has RFC 8652's; nulls are left out.

/// <summary>A state dump.</summary>
internal sealed class DumpLeaves
{
    [JsonPropertyName("ietf-igmp-mld:igmp")]
    public ProtocolLeaves? Igmp { get; set; }
}

internal sealed class ProtocolLeaves
{
    public InterfacesLeaves? Interfaces { get; set; }

    public GlobalLeaves? Global { get; set; }
}

internal sealed class InterfacesLeaves
{
    public List<InterfaceLeaves?>? Interface { get; set; }
}

internal sealed class GlobalLeaves
{
    public int? GroupsCount { get; set; }

    public StatisticsLeaves? Statistics { get; set; }
}

internal sealed class StatisticsLeaves
{
    public Dictionary<string, long>? Error { get; set; }

    public Dictionary<string, long>? Received { get; set; }

    public Dictionary<string, long>? Sent { get; set; }
}

/// <summary>The leaves of an interface; its groups come last, so that they can be written one by one.</summary>
internal sealed class InterfaceLeaves
{
    public string? InterfaceName { get; set; }

    public OperStatus? OperStatus { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "address")]
    public Address? Address { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "up-time-ms")]
    public TimeSpan? UpTime { get; set; }

    public int? Version { get; set; }

    public Address? Querier { get; set; }

    public int? RobustnessVariable { get; set; }

    public long? QueryInterval { get; set; }

    public long? QueryMaxResponseTime { get; set; }

    public long? LastMemberQueryInterval { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "query-interval-ms")]
    public TimeSpan? ExactQueryInterval { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "query-max-response-time-ms")]
    public TimeSpan? ExactQueryMaxResponseTime { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "last-member-query-interval-ms")]
    public TimeSpan? ExactLastMemberQueryInterval { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "last-member-query-count")]
    public int? LastMemberQueryCount { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "startup-query-interval-ms")]
    public TimeSpan? StartupQueryInterval { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "startup-query-count")]
    public int? StartupQueryCount { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "unsolicited-report-interval-ms")]
    public TimeSpan? UnsolicitedReportInterval { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "querier-role")]
    public QuerierRole? QuerierRole { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "other-querier-present-expires-ms")]
    public TimeSpan? OtherQuerierPresentExpires { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "general-query-expires-ms")]
    public TimeSpan? GeneralQueryExpires { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "startup-queries-left")]
    public int? StartupQueriesLeft { get; set; }

    /// <summary>Only where the groups are not listed.</summary>
    [JsonPropertyName(RouterStateJson.Own + "groups-count")]
    public int? GroupsCount { get; set; }

    public List<GroupState>? Group { get; set; }
}

internal sealed class GroupLeaves
{
    public Address? GroupAddress { get; set; }

    public FilterMode? FilterMode { get; set; }

    public long? Expire { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "expire-ms")]
    public TimeSpan? ExactExpire { get; set; }

    public long? UpTime { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "up-time-ms")]
    public TimeSpan? ExactUpTime { get; set; }

    public Address? LastReporter { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "compatibility-mode")]
    public int? CompatibilityMode { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "version-1-host-present-expires-ms")]
    public TimeSpan? Version1HostPresentExpires { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "version-2-host-present-expires-ms")]
    public TimeSpan? Version2HostPresentExpires { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "static")]
    public bool? IsStatic { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "host")]
    public List<HostLeaves?>? Host { get; set; }

    public List<SourceLeaves?>? Source { get; set; }
}

internal sealed class SourceLeaves
{
    public Address? SourceAddress { get; set; }

    public long? Expire { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "expire-ms")]
    public TimeSpan? ExactExpire { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "forward")]
    public bool? Forward { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "static")]
    public bool? IsStatic { get; set; }

    public int? HostCount { get; set; }

    public List<HostLeaves?>? Host { get; set; }
}

internal sealed class HostLeaves
{
    public Address? HostAddress { get; set; }

    public FilterMode? HostFilterMode { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "up-time-ms")]
    public TimeSpan? ExactUpTime { get; set; }

    [JsonPropertyName(RouterStateJson.Own + "expire-ms")]
    public TimeSpan? ExactExpire { get; set; }
}

internal enum OperStatus
{
    Down,
    Up,
}

internal enum QuerierRole
{
    NonQuerier,
    Querier,
}

[JsonSerializable(typeof(DumpLeaves))]
[JsonSerializable(typeof(GroupLeaves))]
[JsonSerializable(typeof(StackLeaves))]
[JsonSerializable(typeof(ReceptionLeaves))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(AddressConverter), typeof(MillisecondsConverter), typeof(WholeNumberConverter), typeof(LongWholeNumberConverter),
        typeof(FilterModeConverter), typeof(OperStatusConverter), typeof(QuerierRoleConverter), typeof(GroupStateConverter),
    ])]
internal sealed partial class LeavesContext : JsonSerializerContext;
