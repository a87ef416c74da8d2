using MulticastLab.Membership;

namespace MulticastLab.Router.Daemon;

/// <summary>The log line for a limit that is reached. The core tells it once, until the count has fallen below the limit again.</summary>
internal static class LimitNotice
{
    /// <summary>The line; null for changes of another kind.</summary>
    public static string? Of(StateChanged change) =>
        change.What switch
        {
            StateChange.GroupLimitReached => $"the most groups (max-groups) are there: {change.Group} and further new ones are refused",
            StateChange.SourceLimitReached =>
                $"the most sources (max-group-sources, max-sources-per-group) are there: new ones of {change.Group} and others are refused",
            StateChange.HostLimitReached => $"the most hosts (max-hosts) are tracked: {change.Source} and further ones are not",
            _ => null,
        };
}
