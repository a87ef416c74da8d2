using System.Globalization;
using System.Text;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A state dump for people: a line per interface, a line per group.</summary>
internal static class StateSummary
{
    public static void Append(StringBuilder text, string router, RouterState state)
    {
        foreach (var each in state.Interfaces)
        {
            var role = !each.Up ? "down" : each.IsQuerier
                ? $"querier, next query in {Left(each.GeneralQueryExpires)}"
                : $"follows {each.Querier}, present for {Left(each.OtherQuerierPresentExpires)}";
            text.Append(CultureInfo.InvariantCulture, $"  = {router} {each.Name}: {role}\n");
            foreach (var group in each.Groups)
            {
                var sources = string.Join(", ", group.Sources.Select(source => $"{source.Source} {Left(source.Expires)}"));
                var timer = group.Mode == FilterMode.Exclude ? $" {Left(group.Expires)}" : "";
                text.Append(
                    CultureInfo.InvariantCulture, $"      {group.Group} {group.Mode.ToString().ToUpperInvariant()}{timer} {{{sources}}}\n");
            }
        }
    }

    private static string Left(TimeSpan? left) =>
        left is { } time ? time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s" : "-";
}
