using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>Asks a host, and judges what it answers.</summary>
internal static class Asking
{
    // A device that answers before anything else can be done does so by chance, or always.
    private const int MostAttempts = 6;

    // What a device may have had in hand when a message reached it.
    private static readonly TimeSpan InHand = 50.Milliseconds();

    /// <summary>Starts the device, has it listen, and waits until it has said so on the wire, all RV times.</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="states">What it listens to, as it would answer: MODE_IS_INCLUDE or MODE_IS_EXCLUDE of each group.</param>
    internal static async Task StartWith(this HostBench lab, params IReadOnlyList<RecordContent> states)
    {
        await lab.Start();
        await lab.Listen(states);
    }

    /// <summary>Has the device listen, and waits until it has said so on the wire, all RV times.</summary>
    internal static async Task Listen(this HostBench lab, params IReadOnlyList<RecordContent> states)
    {
        var moments = new List<Moment>();
        foreach (var state in states)
        {
            moments.Add(state switch
            {
                { Type: RecordType.IsInclude } => await lab.Device.Include(state.Group, [.. state.Sources]),
                { Sources.Count: 0 } => await lab.Device.Join(state.Group),
                _ => await lab.Device.Exclude(state.Group, [.. state.Sources]),
            });
        }

        foreach (var (state, moment) in states.Zip(moments))
        {
            if (await lab.Seen(Naming(state.Group).From(lab.Device), moment, lab.Timing.UnsolicitedReportInterval) is null)
                throw Bench.CannotBegin($"The device does not report that it listens to {state.Group}");
        }

        if (lab.Version is { } version && version < lab.Dialect.CurrentVersion)
            await lab.Settle(lab.Dialect.GenerationOf(version), states);
        else
            await lab.PassRepetitions();
    }

    /// <summary>Starts the device, has it listen, and has an older querier query until the device speaks its version.</summary>
    internal static async Task StartOlder(this HostBench lab, Generation generation, params IReadOnlyList<RecordContent> states)
    {
        await lab.StartWith(states);
        if (lab.Version is not { } version || lab.Dialect.GenerationOf(version) != generation)
            await lab.Settle(generation, states);
    }

    /// <summary>
    /// Has a querier of an older version ask for all groups, and waits until its time is over: of each group one report is sent, and no
    /// other is due then (RFC 2236 §3).
    /// </summary>
    internal static async Task Settle(this HostBench lab, Generation generation, params IReadOnlyList<RecordContent> states)
    {
        var query = lab.OlderGeneral(generation);
        var asked = await lab.Querier.Query(query);
        await lab.Pass(query.MaxResponseTime + lab.Tolerance);
        foreach (var state in states)
        {
            if (lab.First(OlderReport(generation, state.Group).From(lab.Device), asked) is null)
                throw Bench.CannotBegin($"The device does not answer an older querier about {state.Group} in its version");
        }
    }

    /// <summary>
    /// Asks, and does something else before the device has answered. When it has answered by then, both are done once more.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="query">What is asked.</param>
    /// <param name="then">What is done then.</param>
    /// <param name="settled">When nothing of either is due any more.</param>
    /// <param name="undo">What brings the device back to where it was; null for nothing.</param>
    /// <returns>When it was asked, and when the other thing was done.</returns>
    internal static async Task<(Moment Asked, Moment Then)> AskAnd(
        this HostBench lab, QueryContent query, Func<Task<Moment>> then, TimeSpan settled, Func<Task>? undo = null)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var asked = await lab.Querier.Query(query);
            // It has to arrive first.
            await lab.Pass(1.Milliseconds());
            var other = await then();
            if (lab.First(AnyAnswer().From(lab.Device), asked) is not { } answer || answer.At > other.Done)
                return (asked, other);
            await lab.Pass(settled + lab.Tolerance);
            if (undo is not null)
                await undo();
        }

        throw Bench.CannotBegin("The device answers before anything else can be done");
    }

    /// <summary>
    /// Expects one answer about a group: this record, at a random time within a time, and no other message about the group for longer.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="record">The record.</param>
    /// <param name="since">When it was asked for.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="lasting">How long nothing else comes; <paramref name="within"/> when not given.</param>
    internal static void ExpectOneAnswer(
        this HostBench lab, RecordContent record, Moment since, TimeSpan within, TimeSpan? lasting = null)
    {
        lab.Expect(Carrying(record).From(lab.Device), since, within: within);
        lab.Expect(Naming(record.Group).From(lab.Device), since, within: lasting ?? within);
    }

    /// <summary>Expects that what the device answers about a group is this record, once or more often.</summary>
    internal static void ExpectRecord(this HostBench lab, RecordContent record, Moment asked, TimeSpan? within = null)
    {
        var right = Carrying(record);
        lab.ExpectSome(right.From(lab.Device), asked, within ?? lab.ResponseTime);
        lab.ExpectNoneAfter(CurrentState(record.Group).Where("with anything else", frame => !right.Matches(frame)), asked);
    }

    /// <summary>Expects an answer about a group, whatever it says: the query was accepted.</summary>
    internal static Together ExpectAnswered(this HostBench lab, Address group, Moment asked, TimeSpan? within = null) =>
        lab.ExpectSome(ReportOf(group).From(lab.Device), asked, within ?? lab.ResponseTime);

    /// <summary>Expects a report of an older version in answer to a query, or more than one.</summary>
    internal static Together ExpectOlderAnswered(
        this HostBench lab, Generation generation, Address group, Moment asked, TimeSpan? within = null) =>
        lab.ExpectSome(OlderReport(generation, group).From(lab.Device), asked, within ?? lab.ResponseTime);

    /// <summary>Expects no message of a kind after a frame of the tester, until the step ends.</summary>
    /// <remarks>The frame is stamped as it enters the LAN, and nothing else is due: what comes after it was caused by it.</remarks>
    internal static Absence ExpectNoneAfter(this HostBench lab, FramePattern pattern, Moment frame) =>
        lab.ExpectNone(pattern.From(lab.Device), frame, atOnce: true);

    /// <summary>
    /// Expects no message of a kind from when a command is given on, its immediate effects included, until the step ends.
    /// </summary>
    internal static Absence ExpectNoneFrom(this HostBench lab, FramePattern pattern, Moment command) =>
        lab.ExpectNone(pattern.From(lab.Device), command with { At = command.At - TimeSpan.FromTicks(1) }, atOnce: true);

    /// <summary>The same after a frame, but for what the device had in hand when the frame reached it.</summary>
    internal static Absence ExpectNoneSoonAfter(this HostBench lab, FramePattern pattern, Moment frame) =>
        lab.ExpectNone(pattern.From(lab.Device), frame with { At = frame.At + (lab.RealTime ? InHand : TimeSpan.Zero) }, atOnce: true);

    /// <summary>Makes sure that the device answers a query about a group: what it does not answer then it does not want to.</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="group">The group.</param>
    /// <param name="query">The query; a General Query when not given.</param>
    internal static async Task RequireAnswer(this HostBench lab, Address group, QueryContent? query = null)
    {
        var asked = await lab.Querier.Query(query ?? lab.General());
        if (await lab.Seen(ReportOf(group).From(lab.Device), asked, lab.ResponseTime) is null)
            throw Bench.CannotBegin("The device does not answer a query as it should be");
        // The answer to a General Query may come in pieces: none is to be taken for the effect of what comes next.
        await lab.Pass(query is null ? asked.At + lab.ResponseTime + lab.Tolerance - lab.Now.At : 10.Milliseconds());
    }

    /// <summary>
    /// Lets the time of a query that is to be ignored pass, and expects that a proper one is answered as before: the device is still there,
    /// and of the same version.
    /// </summary>
    internal static async Task ExpectGoesOn(this HostBench lab, Address group)
    {
        await lab.Pass(lab.ResponseTime + lab.Tolerance);
        await lab.Step("It is asked as it should be");
        var asked = await lab.Querier.Query(lab.General());
        lab.ExpectAnswered(group, asked);
        await lab.Seen(ReportOf(group).From(lab.Device), asked, lab.ResponseTime);
    }

    /// <summary>Has the tester send a message whose bytes are these, with a right checksum.</summary>
    internal static Task<Moment> SendBytes(
        this HostBench lab, Station from, Address destination, byte[] bytes, string what,
        Func<TesterPacket, TesterPacket>? change = null) =>
        from.Send(
            new Membership.SendQuery(lab.General(), destination), what,
            packet => (change ?? (same => same))(packet with { Body = _ => bytes }));
}
