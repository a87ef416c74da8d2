using MulticastLab.Membership;

namespace MulticastLab.Router.Daemon;

/// <summary>The log line for a limit that is reached. The core reports it once, until the count has fallen below the limit again.</summary>
internal static class LimitNotice
{
    /// <summary>The line; null for changes of another kind.</summary>
    public static string? Of(StateChanged change) =>
        change.What switch
        {
            StateChange.GroupLimitReached => $"the group limit (max-groups) is reached: {change.Group} and further new ones are refused",
            StateChange.SourceLimitReached =>
                "the source limit (max-group-sources, max-sources-per-group) is reached: "
                    + $"new sources of {change.Group} and others are refused",
            StateChange.HostLimitReached => $"the host limit (max-hosts) is reached: {change.Source} and further hosts are not tracked",
            _ => null,
        };
}
