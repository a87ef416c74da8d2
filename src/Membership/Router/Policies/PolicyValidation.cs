using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using static MulticastLab.Membership.Router.RouterSettings;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>The validation of policies.</summary>
internal static class PolicyValidation
{
    /// <exception cref="ArgumentException">A value is out of its range or contradicts another; the message names it.</exception>
    public static void Check(RouterSettings settings, Dialect dialect)
    {
        RequirePositive(settings.MaxGroups, "groups");
        RequirePositive(settings.MaxSources, "sources");
        RequirePositive(settings.MaxSourcesPerGroup, "sources per group");
        RequirePositive(settings.MaxHosts, "tracked hosts");
        Require(
            settings.ImmediateLeave != ImmediateLeave.Tracked || settings.ExplicitTracking,
            "Immediate leave of tracked hosts needs explicit tracking.");
        foreach (
            var prefix in settings
                .AcceptedSenders.Concat(settings.SourceSpecificRange ?? [])
                .Concat(settings.SsmMappings.Select(each => each.Groups)))
            RequireFamily(prefix, dialect);
        foreach (var rule in settings.GroupPolicy.Rules.Concat(settings.SourcePolicy.Rules))
            RequireFamily(rule.Range, dialect);
        foreach (var mapping in settings.SsmMappings)
            Require(dialect.IsSource(mapping.Source), $"{mapping.Source} cannot be a source, so nothing can be mapped to it.");
        foreach (var membership in settings.StaticGroups)
            Check(membership, "static group", dialect.IsForwardable(membership.Group), settings, dialect);
        foreach (var membership in settings.LocalJoins)
            Check(membership, "join", dialect.IsReportable(membership.Group), settings, dialect);
    }

    private static void Check(GroupAndSource membership, string what, bool isGroup, RouterSettings settings, Dialect dialect)
    {
        var (group, source) = membership;
        Require(isGroup, $"{group} is no group for a {what}.");
        Require(source is null || dialect.IsSource(source.Value), $"{source} cannot be the source of a {what} of {group}.");
        Require(
            source is not null || !settings.IsSourceSpecific(group, dialect),
            $"{group} is source-specific: a {what} of it needs a source (RFC 4604 §2).");
    }

    private static void RequirePositive(int? most, string what) =>
        Require(most is null or >= 1, $"The most {what} must be 1 or more, not {most}.");

    private static void RequireFamily(Prefix prefix, Dialect dialect) =>
        Require(prefix.Address.IsV4 == dialect.Unspecified.IsV4, $"{prefix} is no range of {dialect.Name} addresses.");
}
