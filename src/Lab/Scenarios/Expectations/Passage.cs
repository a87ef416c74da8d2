using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Where a switch sends a frame on, unaltered: once to each LAN of some, not at all to others.</summary>
public sealed class Passage : Expectation
{
    private readonly SeenFrame sent;
    private readonly string through;
    private readonly string what;
    private readonly IReadOnlyList<string> to;
    private readonly IReadOnlyList<string> notTo;

    /// <param name="sent">The frame as it was sent.</param>
    /// <param name="through">The switch.</param>
    /// <param name="what">What the frame is, in words.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="notTo">Where it does not go. Elsewhere it may.</param>
    internal Passage(SeenFrame sent, string through, string what, IReadOnlyList<string> to, IReadOnlyList<string> notTo) =>
        (this.sent, this.through, this.what, this.to, this.notTo) = (sent, through, what, to, notTo);

    /// <inheritdoc/>
    public override string Text =>
        $"{what}: frame {sent.Number.ToString(CultureInfo.InvariantCulture)} goes to {Names(to)}"
        + (notTo.Count > 0 ? $" and not to {Names(notTo)}" : "");

    internal override Instant? Closes(TimeSpan tolerance) => sent.At + tolerance;

    private protected override void Examine(Record record)
    {
        var copies = record.Frames
            .Where(each => each.At <= sent.At + record.Tolerance && each.IsCopyOf(sent, through))
            .ToLookup(each => each.Frame.Lan);
        foreach (var lan in to)
        {
            var found = copies[lan].ToList();
            found.ForEach(Claim);
            if (found.Count == 0)
                Fail($"it did not come to LAN {lan} as it was sent", sent);
            else if (found.Count > 1)
                Fail(string.Create(CultureInfo.InvariantCulture, $"it came to LAN {lan} {found.Count} times"), found);
        }

        foreach (var lan in notTo.Where(copies.Contains))
            Fail($"it came to LAN {lan}", copies[lan]);
    }

    private static string Names(IReadOnlyList<string> lans) => lans.Count == 0 ? "nobody" : $"LAN {string.Join(", ", lans)}";
}
