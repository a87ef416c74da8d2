using System.Globalization;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>Two states of a device, item by item.</summary>
internal static class StateDiff
{
    /// <summary>An item of a state.</summary>
    /// <param name="Item">What it is: <c>eth0 239.1.1.1 192.0.2.1</c>.</param>
    /// <param name="Before">What it was; null when it was not there.</param>
    /// <param name="After">What it is; null when it is not there any more.</param>
    internal sealed record Line(string Item, string? Before, string? After)
    {
        /// <summary>Whether it has changed.</summary>
        public bool HasChanged => Before != After;

        /// <summary>The sign of a diff.</summary>
        public string Sign => (Before, After) switch
        {
            (null, _) => "+",
            (_, null) => "−",
            _ => HasChanged ? "~" : "",
        };
    }

    /// <summary>The items of both, in the order of the later one; what is gone comes last.</summary>
    public static IReadOnlyList<Line> Of(RouterState? before, RouterState? after)
    {
        var old = Items(before).ToList();
        var present = Items(after).ToList();
        var oldValues = old.ToLookup(each => each.Item, each => each.Value);
        var presentItems = present.Select(each => each.Item).ToHashSet();
        return
        [
            .. present.Select(each => new Line(each.Item, oldValues[each.Item].FirstOrDefault(), each.Value)),
            .. old.Where(each => !presentItems.Contains(each.Item)).Select(each => new Line(each.Item, each.Value, After: null)),
        ];
    }

    private static IEnumerable<(string Item, string Value)> Items(RouterState? state)
    {
        if (state is null)
            yield break;
        foreach (var each in state.Interfaces)
        {
            foreach (var (item, value) in ItemsOf(each))
                yield return ($"{each.Name} {item}", value);
            foreach (var group in each.Groups)
            {
                yield return ($"{each.Name} {group.Group}", Of(group));
                foreach (var source in group.Sources)
                    yield return ($"{each.Name} {group.Group} {source.Source}", Of(source));
            }
        }

        foreach (var (what, counters) in ((string, IReadOnlyDictionary<string, long>)[])
            [("received", state.Statistics.Received), ("sent", state.Statistics.Sent), ("rejected", state.Statistics.Error)])
        {
            foreach (var (kind, count) in counters)
                yield return ($"{what} {kind}", count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<(string Item, string Value)> ItemsOf(InterfaceState state)
    {
        yield return ("status", state.Up ? "up" : "down");
        yield return ("querier", $"{(state.IsQuerier ? "itself, " : "")}{state.Querier?.ToString() ?? "none known"}");
        yield return ("version", state.Version.ToString(CultureInfo.InvariantCulture));
        yield return ("timers", string.Create(
            CultureInfo.InvariantCulture,
            $"RV {state.Timing.RobustnessVariable}, QI {Seconds.WithUnit(state.Timing.QueryInterval)}, "
                + $"QRI {Seconds.WithUnit(state.Timing.QueryResponseInterval)}, "
                + $"LMQI {Seconds.WithUnit(state.Timing.LastMemberQueryInterval)}"));
        if (state.GeneralQueryExpires is { } next)
            yield return ("next General Query", $"in {Seconds.WithUnit(next)}");
        if (state.OtherQuerierPresentExpires is { } other)
            yield return ("other querier present", $"for {Seconds.WithUnit(other)}");
    }

    private static string Of(GroupState group) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(group.Mode == FilterMode.Exclude ? $"EXCLUDE, {Seconds.WithUnit(group.Expires)}" : "INCLUDE")}, "
            + $"version {group.CompatibilityMode}{(group.IsStatic ? ", static" : "")}");

    private static string Of(SourceState source) =>
        source.IsStatic ? "forwarded, static" : source.Forward ? $"forwarded, {Seconds.WithUnit(source.Expires)}" : "blocked";
}
