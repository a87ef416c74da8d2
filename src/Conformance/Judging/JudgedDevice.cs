using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>A device in a capture: what it has sent and heard on its segment, and which times the capture shows without a gap.</summary>
internal sealed class JudgedDevice
{
    private readonly CaptureContents contents;
    private readonly List<SeenFrame> messages = [];

    /// <param name="contents">The capture.</param>
    /// <param name="address">The device's address.</param>
    /// <param name="given">What the user knows of the timers.</param>
    internal JudgedDevice(CaptureContents contents, Address address, GivenTimers given)
    {
        (this.contents, Address, Name) = (contents, address, address.ToString());
        var own = contents.Messages.Where(each => each.Packet.Source == address).ToList();
        // Seen on several, it is at home where it speaks most.
        var home = own.CountBy(each => each.Packet.Segment).MaxBy(each => each.Value).Key;
        Segment = home;
        var stations = own.Where(each => each.Packet.Segment == home).Select(each => each.Packet.Station).OfType<MacAddress>().ToHashSet();
        foreach (var (frame, packet) in contents.Messages.Where(each => each.Packet.Segment == home))
        {
            // It may have spoken before it had an address (RFC 9776 §4.2.14).
            if (packet.Source.IsUnspecified && packet.Station is { } station && stations.Contains(station))
                frame.Sender = Name;
            messages.Add(frame);
            HasEthernet |= packet.IsEthernet && frame.Sender == Name;
        }

        LastSeen = stations.Select(contents.LastSeen).OfType<Instant>().Append(Sent.Last().At).Max();
        Timers = JudgedTimers.Of(given, [.. Sent.Select(each => each.Query).OfType<QueryContent>()], "its");
        HeardTimers = JudgedTimers.Of(
            given, [.. Heard.Where(each => !each.Envelope.Source.IsUnspecified).Select(each => each.Query).OfType<QueryContent>()],
            "the querier's");
    }

    /// <summary>The protocol.</summary>
    public Dialect Dialect => contents.Dialect;

    /// <summary>Its address.</summary>
    public Address Address { get; }

    /// <summary>Its name as a sender: the address.</summary>
    public string Name { get; }

    /// <summary>The segment that it is on.</summary>
    public string Segment { get; }

    /// <summary>Whether its frames were captured as Ethernet frames.</summary>
    public bool HasEthernet { get; }

    /// <summary>When it has last sent anything: after that it may have been switched off.</summary>
    public Instant LastSeen { get; }

    /// <summary>All messages of the segment, by time; those that are not valid among them.</summary>
    public IReadOnlyList<SeenFrame> Messages => messages;

    /// <summary>What it has sent.</summary>
    public IEnumerable<SeenFrame> Sent => messages.Where(each => each.Sender == Name);

    /// <summary>What others have sent.</summary>
    public IEnumerable<SeenFrame> Heard => messages.Where(each => each.Sender != Name);

    /// <summary>The timers as its own queries tell them.</summary>
    public JudgedTimers Timers { get; }

    /// <summary>The timers as the queries of others tell them.</summary>
    public JudgedTimers HeardTimers { get; }

    /// <summary>How much later than due, or earlier, is still right.</summary>
    public TimeSpan Tolerance => Timers.Given.Tolerance;

    /// <summary>The time of the capture's first frame.</summary>
    public Instant Start => contents.Start;

    /// <summary>The time of the capture's last frame.</summary>
    public Instant End => contents.End;

    /// <summary>
    /// When it has joined the group of the routers: a router begins then, and knows nothing of what was before (RFC 9776 §6).
    /// </summary>
    public IReadOnlyList<Instant> Starts => field ??= [.. FindStarts()];

    private IEnumerable<Instant> FindStarts()
    {
        Instant? last = null;
        foreach (var frame in Sent.Where(each => each.Report?.Records.Any(record =>
            record.Type == RecordType.ToExclude && record.Group == Dialect.ReportDestination) == true))
        {
            if (last is not { } before || frame.At > before + Timers.Timing.UnsolicitedReportInterval + Tolerance)
                yield return frame.At;
            last = frame.At;
        }
    }

    /// <summary>What it listens to, by what it reports.</summary>
    public HostStates States => field ??= new HostStates(messages, Name, Tolerance);

    /// <summary>Its General Queries of all versions.</summary>
    public IReadOnlyList<SeenFrame> GeneralQueries => field ??= [.. Sent.Where(each => each.Query is { Kind: QueryKind.General })];

    /// <summary>The same, as a pattern.</summary>
    public FramePattern AnyGeneralQuery => Lab.Scenarios.Frames.Messages.AnyGeneralQuery().From(Name);

    /// <summary>The messages of it that are of IGMP proper: queries, reports and leaves, by their type.</summary>
    public FramePattern Every(string what, Func<WireMessage, bool> which) =>
        new FramePattern(what, frame => WireMessage.Of(frame) is { IsMembership: true } message && which(message)).From(Name);

    /// <summary>Why a time is not shown as a whole; null when it is.</summary>
    public string? Missing(Instant from, Instant to)
    {
        if (from < Start)
            return "the capture begins later";
        if (to > End)
            return "the capture ends before";
        return contents.Gaps.FirstOrDefault(each => each.From <= to && each.To >= from)?.Why;
    }

    /// <summary>Judges an expectation by a time of the capture.</summary>
    public void Judge(Expectation expectation, Instant from, Instant to) => expectation.Judge(RecordOf(from, to));

    private Record RecordOf(Instant from, Instant to)
    {
        var (first, last) = (IndexOf(from), IndexOf(to + TimeSpan.FromTicks(1)));
        var part = messages.GetRange(first, Math.Max(0, last - first));
        return new Record(part, part, Tolerance, Tolerance, to);
    }

    /// <summary>The index of the first message that is not before a time.</summary>
    private int IndexOf(Instant at)
    {
        var (low, high) = (0, messages.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (messages[middle].At < at)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The messages of a time, both ends included.</summary>
    public IReadOnlyList<SeenFrame> Between(Instant from, Instant to) => RecordOf(from, to).Messages;

    /// <summary>A frame as a moment.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="crossing">How much later it counts: what crosses it on the wire is not in answer to it.</param>
    public static Moment At(SeenFrame frame, TimeSpan crossing = default) =>
        new(frame.At + crossing, FormattableString.Invariant($"frame {frame.Number}"));

    /// <summary>The time just after a frame, so that it does not count itself.</summary>
    public static Moment After(SeenFrame frame) => At(frame) with { At = frame.At + TimeSpan.FromTicks(1), Done = frame.At };
}
