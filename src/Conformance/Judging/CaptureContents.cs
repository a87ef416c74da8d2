using System.Globalization;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.Conformance.Judging;

/// <summary>The messages of a capture from a live network, and where the capture may have missed some.</summary>
public sealed class CaptureContents
{
    // Packets of several interfaces, or processors, are not written in quite the order of their times.
    private static readonly TimeSpan Shuffle = TimeSpan.FromMilliseconds(5);

    private readonly List<CapturedMessage> messages = [];
    private readonly List<CaptureGap> gaps = [];
    private readonly Dictionary<string, Instant> lastSeen = [];
    private Instant? newest;

    private CaptureContents(Dialect dialect) => Dialect = dialect;

    /// <summary>The protocol.</summary>
    public Dialect Dialect { get; }

    /// <summary>How many frames there are, of all protocols.</summary>
    public int FrameCount { get; private set; }

    /// <summary>The time of the first frame.</summary>
    public Instant Start { get; private set; }

    /// <summary>The time of the last frame.</summary>
    public Instant End { get; private set; }

    /// <summary>The messages of the protocol, by time.</summary>
    internal IReadOnlyList<CapturedMessage> Messages => messages;

    /// <summary>Where messages may be missing.</summary>
    internal IReadOnlyList<CaptureGap> Gaps => gaps;

    /// <summary>When a station has last sent a frame of any protocol; null when it never has.</summary>
    internal Instant? LastSeen(MacAddress station) =>
        lastSeen.TryGetValue(station.ToString(), out var at) ? at : null;

    /// <summary>Reads a capture to its end.</summary>
    /// <exception cref="UnreadableFrameException">It cannot be read to its end.</exception>
    public static CaptureContents Read(CaptureReader reader, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Of(Packets(reader), dialect);
    }

    /// <summary>Takes in the packets of a capture.</summary>
    /// <param name="packets">All of them, in the order of the capture.</param>
    /// <param name="dialect">The protocol.</param>
    public static CaptureContents Of(IEnumerable<CapturedPacket> packets, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(packets);
        ArgumentNullException.ThrowIfNull(dialect);
        var contents = new CaptureContents(dialect);
        foreach (var packet in packets)
            contents.Add(packet);
        // What has the same time stays in the order of the file.
        var sorted = contents.messages.OrderBy(each => each.Frame.At).ToList();
        contents.messages.Clear();
        contents.messages.AddRange(sorted);
        return contents;
    }

    private static IEnumerable<CapturedPacket> Packets(CaptureReader reader)
    {
        for (var number = 1; Next(reader, number) is { } packet; number++)
            yield return packet;
    }

    private static CapturedPacket? Next(CaptureReader reader, int number)
    {
        try
        {
            return reader.Read();
        }
        catch (CaptureException wrong)
        {
            throw new UnreadableFrameException(number, wrong);
        }
    }

    private void Add(CapturedPacket packet)
    {
        var number = ++FrameCount;
        var at = packet.HasTimestamp ? packet.At : newest ?? Start;
        if (newest is not { } before)
            (Start, End, before) = (at, at, at);
        if (packet.Dropped > 0)
            gaps.Add(new CaptureGap(before, at, Invariant($"{packet.Dropped} frames were lost before frame {number}")));
        if (at < before - Shuffle)
            gaps.Add(new CaptureGap(at, before, Invariant($"the time goes back at frame {number}")));
        newest = at;
        Start = at < Start ? at : Start;
        End = at > End ? at : End;
        var decoded = FrameDecoder.Decode(packet);
        if (LinkedPacket.StationOf(decoded) is { } station)
            lastSeen[station] = at;
        if (LinkedPacket.Of(packet, decoded) is not { } linked)
            return;
        if (packet.Data.Length < packet.OriginalLength && !linked.IsComplete)
        {
            gaps.Add(new CaptureGap(at, at, Invariant($"frame {number} was cut by the capture")));
            return;
        }

        if (!packet.HasTimestamp)
            gaps.Add(new CaptureGap(before, at, Invariant($"frame {number} has no time")));
        var sender = linked.Source.ToString();
        var frame = SeenFrame.Decode(new LabFrame(number, at, linked.Segment, sender, linked.Segment, linked.Frame), Dialect);
        if (frame.IsIgmp)
            messages.Add(new CapturedMessage(frame, linked));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A message of a capture.</summary>
/// <param name="Frame">The message.</param>
/// <param name="Packet">The packet around it.</param>
internal sealed record CapturedMessage(SeenFrame Frame, LinkedPacket Packet);

/// <summary>A time in which the capture may have missed frames.</summary>
/// <param name="From">From when.</param>
/// <param name="To">Until when.</param>
/// <param name="Why">Why, as a clause.</param>
internal sealed record CaptureGap(Instant From, Instant To, string Why);

/// <summary>A capture cannot be read any further.</summary>
/// <param name="frame">The number of the frame that should have come next.</param>
/// <param name="cause">Why.</param>
public sealed class UnreadableFrameException(int frame, CaptureException cause) : Exception(cause?.Message, cause)
{
    /// <summary>The number of the frame, from 1.</summary>
    public int Frame { get; } = frame;
}
