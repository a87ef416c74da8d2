using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>Has a router send all that it sends, and judges every message by its bytes.</summary>
internal static class Sending
{
    /// <summary>What the device sends on the tested LAN, by its bytes.</summary>
    internal static FramePattern Sent(this RouterBench lab, string what, Func<WireMessage, bool> which) =>
        new FramePattern(what, frame => frame.IsIgmp && which(WireMessage.Of(frame))).From(lab.Device).On(Bench.Lan);

    /// <summary>Every query of the device: its type says so, and the rest may be wrong.</summary>
    internal static FramePattern SentQueries(this RouterBench lab) => lab.Sent("every query", message => message.IsQuery);

    /// <summary>Every query of the device about a group.</summary>
    internal static FramePattern SentQueries(this RouterBench lab, Address group) =>
        lab.Sent($"every query about {group}", message => message.Asks(group));

    /// <summary>Starts the device and waits until it has sent a query, right or wrong.</summary>
    internal static async Task<Moment> StartSending(this RouterBench lab)
    {
        var start = await lab.Start();
        if (await lab.Seen(lab.SentQueries(), start, lab.WithinPatience(lab.Timing.QueryInterval)) is null)
            throw Bench.CannotBegin("The device does not query");
        await lab.Pass(100.Milliseconds());
        return start;
    }

    /// <summary>
    /// Has the device send queries of all kinds, General ones, one about <paramref name="group"/>, which a host leaves, and one about a
    /// source of the second group that is blocked, and judges them all.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="which">Which messages are judged.</param>
    /// <param name="what">What they have to have, in words.</param>
    /// <param name="wrong">What one has instead; null when nothing is wrong with it.</param>
    /// <param name="group">The group that is left; the first one when not given.</param>
    /// <param name="repeated">Whether to wait for the repetitions.</param>
    internal static async Task JudgeSent(
        this RouterBench lab, FramePattern which, string what, Func<WireMessage, string?> wrong, Address? group = null,
        bool repeated = true)
    {
        var left = group ?? lab.G1;
        await lab.StartSending();
        await lab.Bring(left, GroupShape.Exclude());
        await lab.Bring(lab.G2, GroupShape.Include(lab.S1, lab.S2));

        await lab.Step("A host leaves a group and blocks a source of another, and nobody answers");
        lab.ExpectAlways(which, what, frame => wrong(WireMessage.Of(frame))).UntilStepEnds();
        var leave = await lab.Host1.Report(ToInclude(left));
        var block = await lab.Host1.Report(Block(lab.G2, lab.S1));
        var asksGroup = await lab.IsAsked(left, leave);
        var asksSource = await lab.IsAsked(lab.G2, block);
        if (repeated)
            await lab.PassLastMemberQueryTime();

        // What was sent is judged even if it was not all.
        await lab.Step("The querier has asked");
        if (!asksGroup || !asksSource)
            throw Bench.CannotBegin($"The device does not ask about {(asksGroup ? "a source that is blocked" : "a group that is left")}");
    }

    /// <summary>Whether the device asks about a group, at once or nearly so.</summary>
    internal static async Task<bool> IsAsked(this RouterBench lab, Address group, Moment since)
    {
        var t = lab.Timing;
        var within = t.LastMemberQueryInterval < t.QueryResponseInterval ? t.LastMemberQueryInterval : t.QueryResponseInterval;
        return await lab.Seen(lab.SentQueries(group), since, within) is not null;
    }
}
