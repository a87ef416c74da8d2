using MulticastLab.Conformance.Benches;

namespace MulticastLab.Conformance.Reports.Pages.Sequences;

/// <summary>
/// The lifelines of a diagram, from left to right: the stations of the first LAN, the device, and the stations of its other LANs. A LAN on
/// which the device is alone has a line of its own, so that what it sends there goes somewhere.
/// </summary>
internal sealed class Lifelines
{
    /// <summary>How far one is from the next.</summary>
    public const double Distance = 112;

    private readonly List<Lifeline> all;

    private Lifelines(List<Lifeline> all) => this.all = all;

    /// <summary>The lifelines.</summary>
    public IReadOnlyList<Lifeline> All => all;

    /// <summary>Arranges them.</summary>
    /// <param name="marks">What is to be shown.</param>
    /// <param name="lans">The LANs in the order of the capture.</param>
    /// <param name="left">Where the first one is.</param>
    public static Lifelines Of(IReadOnlyList<SequenceMark> marks, IEnumerable<string> lans, double left)
    {
        var used = marks.Select(each => each.Lan).OfType<string>().ToHashSet();
        var ordered = lans.Concat(used).Distinct().Where(used.Contains).ToList();
        var lines = new List<Lifeline>();
        foreach (var lan in ordered)
        {
            var stations = marks.Where(each => each.Lan == lan).Select(each => each.Sender).OfType<string>()
                .Where(each => each != Bench.DeviceName).Distinct().Select(each => new Lifeline(each, [lan], IsLan: false)).ToList();
            if (stations.Count == 0)
                stations.Add(new Lifeline($"LAN {lan}", [lan], IsLan: true));
            if (lan == ordered[0])
                lines.AddRange([.. stations, new Lifeline(Bench.DeviceName, ordered, IsLan: false)]);
            else
                lines.AddRange(stations);
        }

        if (lines.Count == 0)
            lines.Add(new Lifeline(Bench.DeviceName, [], IsLan: false));
        for (var i = 0; i < lines.Count; i++)
            lines[i] = lines[i] with { X = left + (i * Distance) };
        return new Lifelines(lines);
    }

    /// <summary>Those that are on a LAN; of no LAN the device's first one.</summary>
    public IReadOnlyList<Lifeline> On(string? lan)
    {
        var on = all.FindAll(each => lan is null || each.Lans.Contains(lan));
        return on.Count > 1 ? on : all;
    }

    /// <summary>The one of a sender on a LAN; null when there is none.</summary>
    public Lifeline? Of(string? sender, string? lan) =>
        all.Find(each => each.Name == sender && !each.IsLan && (lan is null || each.Lans.Contains(lan)));
}

/// <summary>A lifeline.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Lans">The LANs that it is on.</param>
/// <param name="IsLan">Whether it stands for whoever may be on the LAN.</param>
internal sealed record Lifeline(string Name, IReadOnlyList<string> Lans, bool IsLan)
{
    /// <summary>Where it is.</summary>
    public double X { get; init; }
}
