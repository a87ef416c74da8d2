using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A run of a scenario: its nodes, its clock, and what is expected of it.</summary>
public class LabRun : IRunEvidence
{
    // How many messages before and after an offending frame a failure shows.
    private const int MessagesAround = 3;

    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(2);

    private readonly IRunObserver? observer;
    private readonly CancellationToken cancellation;
    private readonly Dictionary<string, LabNode> nodes = [];
    private readonly HashSet<string> switches;
    private readonly HashSet<LabNode> running = [];
    private readonly List<SeenFrame> frames = [];
    private readonly List<SeenFrame> messages = [];
    private readonly List<Expectation> expectations = [];
    private readonly List<RunStep> steps = [];
    private readonly List<Checkpoint> checkpoints = [];
    private readonly List<Failure> failures = [];
    private readonly List<IAsyncDisposable> streams = [];
    private readonly Dictionary<MacAddress, Station> stations = [];
    private readonly List<(SeenFrame Frame, Instant Due)> sent = [];
    private readonly List<Disturbance> delays = [];
    private readonly List<ScheduledFrame> scheduled = [];
    private readonly int firstFrame;
    private readonly long lostBefore;
    private RunStep step;

    internal LabRun(IRunningLab lab, LabOptions options, IRunObserver? observer, CancellationToken cancellation)
    {
        Lab = lab;
        firstFrame = lab.Frames.Count;
        lostBefore = lab.FramesLost;
        Timing = new ExpectedTiming(options.Timing);
        Dialect = options.Dialect;
        this.observer = observer;
        this.cancellation = cancellation;
        foreach (var node in lab.Topology.Nodes)
        {
            nodes.Add(node.Name, node.Kind switch
            {
                NodeKind.Router => new RouterNode(this, node),
                NodeKind.Host => new HostNode(this, node),
                NodeKind.Switch or NodeKind.Plain => new OtherNode(this, node),
            });
        }

        switches = [.. lab.Topology.Nodes.Where(node => node.Kind == NodeKind.Switch).Select(node => node.Name)];
        step = new RunStep(0, "The lab is wired", lab.Now);
        steps.Add(step);
    }

    /// <summary>The protocol of this run.</summary>
    public Dialect Dialect { get; }

    /// <summary>The routers' and hosts' timers in this run.</summary>
    public ExpectedTiming Timing { get; }

    /// <summary>The present moment.</summary>
    public Moment Now => new(Lab.Now, "now");

    internal IRunningLab Lab { get; }

    internal IReadOnlyList<RunStep> Steps => steps;

    internal IReadOnlyList<Expectation> Expectations => expectations;

    internal IReadOnlyList<Failure> Failures => failures;

    internal IReadOnlyList<Checkpoint> Checkpoints => checkpoints;

    internal IReadOnlyList<SeenFrame> Frames => frames;

    /// <summary>Whether the hosts' own kernels answer queries.</summary>
    internal bool HasKernelHosts { get; init; }

    /// <summary>Whether time is virtual: nobody waits for it.</summary>
    internal bool HasVirtualTime { get; init; }

    /// <summary>How much later than the world's latency alone explains a device may be, by the granularity of its own clock.</summary>
    internal TimeSpan Granularity { get; init; }

    /// <summary>How much later than asked, or further apart, is still right.</summary>
    internal TimeSpan Tolerance => Lab.Latency + Granularity;

    /// <summary>Where the run gives up, because it would take longer than anybody wants to wait; null for never.</summary>
    internal Instant? Deadline { get; private protected set; }

    /// <summary>Frames that the capture had to drop during the run.</summary>
    internal long FramesLost => Lab.FramesLost - lostBefore;

    /// <summary>When the machine itself kept the lab, or the run, waiting during the run.</summary>
    internal IReadOnlyList<Disturbance> Disturbances =>
        [.. Lab.Disturbances.Where(each => each.From + each.Length >= steps[0].Start).Concat(delays).OrderBy(each => each.From)];

    Topology IRunEvidence.Topology => Lab.Topology;

    IReadOnlyList<RunStep> IRunEvidence.Steps => steps;

    IReadOnlyList<SeenFrame> IRunEvidence.Frames => frames;

    IReadOnlyList<Expectation> IRunEvidence.Expectations => expectations;

    /// <summary>What the tester's stations have sent, and when it was to be sent.</summary>
    internal IReadOnlyList<(SeenFrame Frame, Instant Due)> Sent => sent;

    /// <summary>When something was to be sent that should be on its LAN by now, and is not.</summary>
    internal IEnumerable<Instant> Unsent => scheduled.Select(each => each.Due).Where(due => due + Lab.Latency < Lab.Now);

    /// <summary>A router of the topology.</summary>
    /// <exception cref="ArgumentException">There is no router of that name.</exception>
    public RouterNode Router(string name) => Node<RouterNode>(name, "router");

    /// <summary>A host of the topology.</summary>
    /// <exception cref="ArgumentException">There is no host of that name.</exception>
    public HostNode Host(string name) => Node<HostNode>(name, "host");

    /// <summary>A switch or a plain node of the topology.</summary>
    /// <exception cref="ArgumentException">There is no such node of that name.</exception>
    public OtherNode Other(string name) => Node<OtherNode>(name, "switch or plain node");

    /// <summary>Makes a station of the tester: it sends what it is told, and has no stack of its own.</summary>
    /// <param name="name">Its name in texts and captures.</param>
    /// <param name="lan">The LAN.</param>
    /// <param name="mac">Its Ethernet address.</param>
    /// <param name="address">Its IP address.</param>
    /// <exception cref="ArgumentException">Another station has the same Ethernet address.</exception>
    public Station Station(string name, string lan, MacAddress mac, Address address)
    {
        var station = new Station(this, name, lan, mac, address);
        stations.Add(mac, station);
        return station;
    }

    /// <summary>Starts all nodes that do not run yet but these: side by side, each after those that it depends on.</summary>
    public async Task<Moment> StartAllBut(params LabNode[] others) => await Do("the lab starts", async token =>
    {
        var left = nodes.Values.Where(node => !running.Contains(node) && !others.Contains(node)).ToList();
        while (left.Count > 0)
        {
            var next = left.FindAll(node => !left.Exists(each => node.Description.StartsAfter.Contains(each.Name)));
            left.RemoveAll(next.Contains);
            await Task.WhenAll(next.Select(node => Lab.Start(node.Name, token)));
            running.UnionWith(next);
        }
    });

    /// <summary>Begins a step. The windows of the one before are waited for, and its expectations judged.</summary>
    public async Task Step(string title)
    {
        await Close();
        step.End = Lab.Now;
        step = new RunStep(step.Number + 1, title, Lab.Now);
        steps.Add(step);
        observer?.Began(step);
    }

    /// <summary>Ends all streams; the step before, which may have expected something of them, has been judged.</summary>
    public async Task EndStreams()
    {
        foreach (var stream in streams)
            await stream.DisposeAsync();
        streams.Clear();
    }

    /// <summary>Has the tester send a frame on a LAN, now and as it is; time has to pass before anybody gets it.</summary>
    /// <param name="lan">The LAN.</param>
    /// <param name="frame">The frame from its Ethernet header on, 14 to 1514 bytes.</param>
    /// <param name="what">What it says, in words, as the moment's name.</param>
    public Task<Moment> Transmit(string lan, ReadOnlyMemory<byte> frame, string what) =>
        Do($"the tester sends {what}", token => Lab.Transmit(lan, frame, Lab.Now, token));

    /// <summary>Lets time pass.</summary>
    public async Task Pass(TimeSpan duration) => await PassUntil(Lab.Now + duration);

    /// <summary>
    /// Expects frames of a kind: so many, so far apart, the first so long after a moment; and no others of the kind in that window.
    /// </summary>
    /// <param name="pattern">Which frames.</param>
    /// <param name="since">The moment that the first one is measured from.</param>
    /// <param name="after">How long after it the first one is due: at once when not given.</param>
    /// <param name="within">The random time that it may take beyond that.</param>
    /// <param name="times">How many: one when not given.</param>
    /// <param name="every">How far apart: needed when there may be several.</param>
    public Series Expect(
        FramePattern pattern, Moment since, TimeSpan after = default, TimeSpan within = default, Times? times = null,
        Spacing? every = null) => Add(new Series(pattern, since, after, within, times ?? Times.Once, every));

    /// <summary>Expects this of a stream.</summary>
    public StreamExpectation Expect(StreamExpectation expectation) => Add(expectation);

    /// <summary>
    /// Expects a state-change report at once, and repeated to RV transmissions, each at random within the Unsolicited Report Interval (RFC
    /// 9776 §5.1).
    /// </summary>
    public Series ExpectStateChange(HostNode host, RecordContent record, Moment since) =>
        Expect(
            Messages.Report(record).From(host), since, times: Timing.RobustnessVariable,
            every: Spacing.UpTo(Timing.UnsolicitedReportInterval));

    /// <summary>
    /// Expects a querier's General Queries until told otherwise: the start-up queries, then one per Query Interval (RFC 9776 §8.2, §8.6,
    /// §8.7).
    /// </summary>
    public Schedule ExpectGeneralQueries(RouterNode router, string lan, Moment since) =>
        Add(
            new Schedule(
                Messages.GeneralQuery().From(router).On(lan).Announcing(Timing), since, TimeSpan.Zero, Timing.StartupQueryCount,
                Timing.StartupQueryInterval, Timing.QueryInterval));

    /// <summary>
    /// Expects a router to take over as querier: no General Query before the given time, then one per Query Interval (RFC 9776 §6.6.2).
    /// </summary>
    public Schedule ExpectTakeOver(RouterNode router, string lan, TimeSpan after, Moment since) =>
        Add(
            new Schedule(
                Messages.GeneralQuery().From(router).On(lan).Announcing(Timing), since, after, leadCount: 0, leadSpacing: TimeSpan.Zero,
                Timing.QueryInterval));

    /// <summary>Expects an answer to every query of a kind, within the query's own Max Response Time, until the step ends.</summary>
    public Answers ExpectAnswers(FramePattern answer, FramePattern to, Moment since) => Add(new Answers(answer, to, since, since.At));

    /// <summary>
    /// Expects a router to be a member of 224.0.0.22, the routers' own group, on a LAN until told otherwise (RFC 9776 §6): it joins as it
    /// starts, and answers every General Query that is asked while it is ready, its own too.
    /// </summary>
    /// <param name="router">The router.</param>
    /// <param name="lan">The LAN of the interface.</param>
    /// <param name="to">The General Queries that reach it there.</param>
    /// <param name="start">When it was started.</param>
    public Answers ExpectMember(RouterNode router, string lan, FramePattern to, Moment start)
    {
        var group = Dialect.ReportDestination;
        Expect(
                Messages.Report(Messages.ToExclude(group)).From(router).On(lan),
                start,
                times: Timing.RobustnessVariable,
                every: Spacing.UpTo(Timing.UnsolicitedReportInterval))
            .Shows("V3-R-6-02");
        // Another router may have asked while this one was not listening yet.
        return Add(new Answers(Messages.Report(Messages.IsExclude(group)).From(router).On(lan), to, start, asked: start.Done))
            .InAllSteps()
            .Shows("V3-R-6-02");
    }

    /// <summary>
    /// Expects the queries that leaves and blocks of one host call for while another may answer (RFC 9776 §6.6.3), and no others of the
    /// group.
    /// </summary>
    public SpecificQueries ExpectSpecificQueries(
        RouterNode router, Address group, FramePattern changes, FramePattern answers,
        Moment since) => Add(new SpecificQueries(router, group, changes, answers, since, Timing));

    /// <summary>Expects that no frame of a kind is seen from a moment until the step ends.</summary>
    /// <param name="pattern">Which frames.</param>
    /// <param name="since">The moment.</param>
    /// <param name="atOnce">Whether what comes within the world's latency counts too: then nothing of the kind can be in flight.</param>
    public Absence ExpectNone(FramePattern pattern, Moment since, bool atOnce = false) => Add(new Absence(pattern, since, atOnce));

    /// <summary>Expects so many frames of a kind from a moment until the step ends, however far apart.</summary>
    public Tally ExpectTimes(Times times, FramePattern pattern, Moment since) => Add(new Tally(pattern, since, times));

    /// <summary>Expects something of every frame of a kind in the whole run.</summary>
    public Rule ExpectAlways(FramePattern pattern, string what, Func<SeenFrame, bool> holds) =>
        ExpectAlways(pattern, what, frame => holds(frame) ? null : "not");

    /// <summary>Expects something of every frame of a kind in the whole run.</summary>
    /// <param name="pattern">Which frames.</param>
    /// <param name="what">What they have, in words.</param>
    /// <param name="wrong">What a frame has instead, in words; null when nothing is wrong with it.</param>
    public Rule ExpectAlways(FramePattern pattern, string what, Func<SeenFrame, string?> wrong) => Add(new Rule(pattern, what, wrong));

    /// <summary>Expects some frame of a kind, or more than one, within a time.</summary>
    /// <param name="pattern">Which frame.</param>
    /// <param name="since">The moment from which on it is due.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="after">What comes sooner than this after the moment does not count.</param>
    public Together ExpectSome(FramePattern pattern, Moment since, TimeSpan within, TimeSpan after = default) =>
        ExpectTogether(pattern, since, within, "is seen", frames => frames.Count > 0 ? null : "none was seen", after);

    /// <summary>Expects something of all frames of a kind in a window together.</summary>
    /// <param name="pattern">Which frames.</param>
    /// <param name="since">Where the window begins.</param>
    /// <param name="within">How long it is.</param>
    /// <param name="what">What they do, in words.</param>
    /// <param name="wrong">What is wrong with them, in words; null when nothing is.</param>
    /// <param name="after">How long after the moment the window begins.</param>
    public Together ExpectTogether(
        FramePattern pattern, Moment since, TimeSpan within, string what, Func<IReadOnlyList<SeenFrame>, string?> wrong,
        TimeSpan after = default) => Add(new Together(pattern, since, after, within, what, wrong));

    /// <summary>Expects a switch to send a frame of the tester on, once to each LAN of some, and not to others.</summary>
    internal Passage ExpectPassage(Moment sent, LabNode through, IReadOnlyList<string> to, IReadOnlyList<string> notTo) =>
        Add(new Passage(SentAt(sent), through.Name, sent.Name, to, notTo));

    /// <summary>The frame that a station has sent at a moment.</summary>
    internal SeenFrame SentAt(Moment moment) => sent.FindLast(each => each.Frame.At == moment.At).Frame;

    /// <summary>
    /// Expects an answer to each of several questions, and something of their delays together. It is judged when the step ends.
    /// </summary>
    /// <param name="questions">The questions, and which frame is the answer to each.</param>
    /// <param name="longest">How long an answer may take.</param>
    /// <param name="what">What the delays are, in words.</param>
    /// <param name="wrong">What is wrong with delays that are late by no more than a tolerance, in words; null when nothing is.</param>
    public Delays ExpectDelays(
        IReadOnlyList<(Moment Asked, FramePattern Answer)> questions, TimeSpan longest, string what,
        Func<IReadOnlyList<TimeSpan>, TimeSpan, string?> wrong) => Add(new Delays(questions, longest, what, wrong));

    /// <summary>Expects that routers and hosts send no IGMP message in the whole run that no other expectation is about.</summary>
    public NothingElse ExpectNothingElse() => Add(new NothingElse(() => expectations));

    /// <summary>Lets the hosts repeat their last change: (RV - 1) × Unsolicited Report Interval.</summary>
    public async Task PassRepetitions() =>
        await Pass(((Timing.RobustnessVariable - 1) * (Timing.UnsolicitedReportInterval + Tolerance)) + Tolerance);

    /// <summary>
    /// Lets the time of the last General Query pass where the hosts' kernels answer: one without groups puts an answer off all the same,
    /// and gives it with the groups that it has joined by then. Where the hosts are ours, no time passes.
    /// </summary>
    public async Task PassAnswersOfKernels()
    {
        if (HasKernelHosts)
            await PassUntil(Last(Messages.GeneralQuery()).At + Timing.QueryResponseInterval + Tolerance);
    }

    /// <summary>The moment of the last frame of a kind so far.</summary>
    public Moment Last(FramePattern pattern)
    {
        ReadFrames();
        var last = messages.FindLast(pattern.Matches)
            ?? throw new ScenarioAbortedException($"There was no frame like this: {pattern}.");
        return new Moment(last.At, $"the last {pattern}");
    }

    /// <summary>How many frames of a kind there were so far.</summary>
    public int Count(FramePattern pattern, Moment since) => All(pattern, since).Count;

    /// <summary>The first frame of a kind so far, from a moment on; null when there was none.</summary>
    public SeenFrame? First(FramePattern pattern, Moment since) => All(pattern, since) is [var first, ..] ? first : null;

    /// <summary>The frames of a kind so far, from a moment on.</summary>
    public IReadOnlyList<SeenFrame> All(FramePattern pattern, Moment since)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(since);
        ReadFrames();
        return messages.FindAll(each => each.At >= since.At && pattern.Matches(each));
    }

    /// <summary>Every frame so far, a switch's copies too.</summary>
    internal IReadOnlyList<SeenFrame> SeenSoFar()
    {
        ReadFrames();
        return frames;
    }

    internal async Task<Moment> Do(string what, Func<CancellationToken, Task> command)
    {
        var before = Lab.Now;
        await command(cancellation);
        return new Moment(before, what) { Done = Lab.Now };
    }

    /// <summary>Has a station send a frame now, and waits until it is on its LAN.</summary>
    /// <returns>The moment at which it was sent.</returns>
    /// <exception cref="ScenarioAbortedException">It was not seen on its LAN.</exception>
    internal async Task<Moment> Transmit(Station station, ReadOnlyMemory<byte> frame, string what)
    {
        var due = Lab.Now;
        var next = Lab.Frames.Count;
        await Lab.Transmit(station.Lan, frame, due, cancellation);
        LabFrame? found = null;
        await Lab.Until(
            _ =>
            {
                var captured = Lab.Frames;
                for (; found is null && next < captured.Count; next++)
                {
                    var each = captured[next];
                    if (each.Node == LabFrame.Tester && each.Lan == station.Lan && each.Bytes.Span.SequenceEqual(frame.Span))
                        found = each;
                }

                return Task.FromResult(found is not null);
            },
            SendPatience,
            cancellation);
        if (found is null)
            throw new ScenarioAbortedException($"{station.Name} could not send {what}.");
        ReadFrames();
        sent.Add((frames[found.Number - 1 - firstFrame], due));
        return new Moment(found.At, $"{station.Name} sends {what}") { IsFrame = true };
    }

    /// <summary>Has a station send a frame at an instant; nothing depends on when exactly.</summary>
    internal Task Schedule(Station station, ReadOnlyMemory<byte> frame, Instant at) =>
        Lab.Transmit(station.Lan, frame, at, cancellation);

    /// <summary>The same of a frame that has to be on time: among <see cref="Sent"/> once it was seen.</summary>
    internal Task ScheduleExactly(Station station, ReadOnlyMemory<byte> frame, Instant at)
    {
        scheduled.Add(new ScheduledFrame(station.Lan, frame, at));
        return Schedule(station, frame, at);
    }

    internal async Task StartNode(LabNode node, CancellationToken token)
    {
        await Lab.Start(node.Name, token);
        running.Add(node);
    }

    /// <summary>Starts the node of a device under test.</summary>
    internal Task<Moment> StartDevice(LabNode node, DeviceStart how) => Do($"{node.Name} starts", async token =>
    {
        await Lab.StartDevice(node.Name, how, token);
        running.Add(node);
    });

    /// <summary>Waits for a frame of a kind.</summary>
    /// <param name="pattern">Which frame.</param>
    /// <param name="since">From when on.</param>
    /// <param name="within">For how long to wait from now on.</param>
    /// <returns>The first one; null when none came.</returns>
    public async Task<SeenFrame?> Seen(FramePattern pattern, Moment since, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(since);
        SeenFrame? found = null;
        await Until(
            _ =>
            {
                ReadFrames();
                found ??= messages.Find(each => each.At >= since.At && pattern.Matches(each));
                return Task.FromResult(found is not null);
            },
            within + Tolerance);
        return found;
    }

    /// <summary>Waits for a datagram of a stream at a place.</summary>
    /// <param name="stream">Which, and where.</param>
    /// <param name="since">From when on.</param>
    /// <param name="within">For how long to wait from now on.</param>
    /// <returns>Whether one came.</returns>
    public Task<bool> Seen(StreamView stream, Moment since, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(since);
        var (found, next) = (false, 0);
        return Until(
            _ =>
            {
                ReadFrames();
                for (; !found && next < frames.Count; next++)
                    found = frames[next].At >= since.At && stream.IsHere(frames[next]);
                return Task.FromResult(found);
            },
            within + Tolerance);
    }

    /// <summary>
    /// Expects a frame of a kind within a time of a moment, and waits until it comes; others may come too.
    /// </summary>
    /// <param name="pattern">Which frame.</param>
    /// <param name="since">From when on.</param>
    /// <param name="within">How long after that at most.</param>
    /// <returns>When it came; null when it did not.</returns>
    public async Task<Moment?> ExpectSoon(FramePattern pattern, Moment since, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(since);
        var left = since.Done + within - Lab.Now;
        var found = await Seen(pattern, since, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        await Judge(Add(new Presence(pattern, since, within)));
        return found is null ? null : new Moment(found.At, $"{pattern}");
    }

    /// <summary>Waits until a condition holds; it is evaluated again with every frame and every change of state.</summary>
    /// <returns>False when it did not become true in time.</returns>
    /// <exception cref="OutOfPatienceException">It did not become true before the run has to end, which is earlier.</exception>
    internal async Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan within)
    {
        var patience = Deadline - Lab.Now;
        if (await Lab.Until(condition, patience < within ? patience.Value : within, cancellation))
            return true;
        return patience < within ? throw new OutOfPatienceException() : false;
    }

    /// <summary>Whether a node was started.</summary>
    internal bool Runs(string node) => running.Any(each => each.Name == node);

    internal async Task KillNode(LabNode node, CancellationToken token)
    {
        running.Remove(node);
        await Lab.Kill(node.Name, token);
    }

    internal async Task Execute(LabNode node, string command, CancellationToken token)
    {
        var result = await Lab.Execute(node.Name, command, token);
        if (result.ExitCode != 0)
            throw new ScenarioAbortedException($"{node.Name}: '{command}' has failed (exit code {result.ExitCode}): {result.Error.Trim()}");
    }

    internal async Task<RouterState> RouterState(RouterNode node)
    {
        var state = await Lab.RouterState(node.Name, cancellation);
        Note(node.Name, state);
        return state;
    }

    /// <summary>Keeps a state that was read.</summary>
    internal void Note(string node, RouterState state) => checkpoints.Add(new Checkpoint(Lab.Now, step, node, state));

    internal async Task<Moment> Until(RouterNode node, Func<RouterState, bool> condition, TimeSpan within, string[] shows, string text)
    {
        var holds = await Until(async token => condition(await Lab.RouterState(node.Name, token)), within + Tolerance);
        var found = new Moment(Lab.Now, $"{node.Name} has {Plain(text)}");
        await RouterState(node);
        await Judge(
            Add(
                new StateCheck(
                    node.Name, within == TimeSpan.Zero ? $"{Plain(text)}, at once" : $"{Plain(text)}, within {within.InWords()}",
                    holds ? null : "it is not so").Shows(shows)));
        return holds ? found : throw new ScenarioAbortedException($"{node.Name} did not come to the state that the next commands need.");
    }

    internal async Task Check(RouterNode node, Func<RouterState, bool> condition, string[] shows, string text) =>
        await Judge(Add(new StateCheck(node.Name, Plain(text), condition(await RouterState(node)) ? null : "it is not so").Shows(shows)));

    /// <summary>States something about a router's state that was read, and judges it.</summary>
    internal Task Check(string node, string what, string? instead) => Check(node, what, [], instead);

    /// <summary>The same, with the requirements that this shows.</summary>
    internal Task Check(string node, string what, string[] shows, string? instead) =>
        Judge(Add(new StateCheck(node, what, instead).Shows(shows)));

    internal async Task<DatagramStream> Send(HostNode node, Address group, Address source, TimeSpan every)
    {
        streams.Add(await Lab.Send(node.Name, group, source, every, cancellation));
        return new DatagramStream(this, node.Name, source, group, every);
    }

    /// <summary>Judges all that is left.</summary>
    internal async Task Finish()
    {
        await Close();
        foreach (var expectation in expectations.Where(each => !each.Judged && each is not NothingElse).ToList())
            await Judge(expectation);
        foreach (var expectation in expectations.Where(each => !each.Judged).ToList())
            await Judge(expectation);
    }

    /// <summary>
    /// Ends the streams and the last step: at the end, and when the run is given up and what was not judged yet cannot be.
    /// </summary>
    internal async Task End()
    {
        await EndStreams();
        Lab.Withdraw();
        ReadFrames();
        step.End = Lab.Now;
    }

    private async Task Close()
    {
        var open = expectations.Where(each => !each.Judged && !each.OutlivesStep).ToList();
        var closes = open.Select(each => each.Closes(Tolerance)).Append(Lab.Now).Max(each => each ?? Lab.Now);
        await PassUntil(closes);
        foreach (var expectation in open)
            await Judge(expectation);
        foreach (
            var router in running
                .OfType<RouterNode>()
                .Where(each => each.Description.HasRouterState)
                .OrderBy(each => each.Name, StringComparer.Ordinal)
                .ToList())
            await RouterState(router);
    }

    private async Task PassUntil(Instant instant)
    {
        if (instant > Deadline)
            throw new OutOfPatienceException();
        await Lab.PassUntil(instant, cancellation);
        if (Lab.Now - instant > Lab.Latency)
            Delayed(instant, "the run itself, which went on too late");
    }

    /// <summary>Notes that the run did something later than it wanted, which may be why something was not as expected.</summary>
    /// <param name="since">Since when it wanted to.</param>
    /// <param name="what">What kept it waiting, as of <see cref="Disturbance.What"/>.</param>
    private protected void Delayed(Instant since, string what) => delays.Add(new Disturbance(since, Lab.Now - since, what));

    private T Add<T>(T expectation)
        where T : Expectation
    {
        expectation.Step = step;
        expectations.Add(expectation);
        return expectation;
    }

    private async Task Judge(Expectation expectation)
    {
        ReadFrames();
        expectation.Judge(new Record(frames, messages, Lab.Latency, Tolerance, Lab.Now));
        observer?.Judged(expectation);
        if (expectation.Problems.Count > 0)
            failures.Add(await FailureOf(expectation));
    }

    private async Task<Failure> FailureOf(Expectation expectation)
    {
        var offending = expectation.Problems.SelectMany(problem => problem.Frames).ToList();
        // Where something is missing, the end of its window is the place to look at.
        var first = offending.Count > 0 ? offending.Min(frame => frame.Number) : frames.Count;
        var last = offending.Count > 0 ? offending.Take(MessagesAround).Max(frame => frame.Number) : frames.Count;
        var around = messages.Where(frame => frame.Number < first).TakeLast(MessagesAround)
            .Concat(messages.Where(frame => frame.Number >= first && frame.Number <= last).Take(2 * MessagesAround))
            .Concat(messages.Where(frame => frame.Number > last).Take(MessagesAround));
        var states = new SortedDictionary<string, RouterState>(StringComparer.Ordinal);
        foreach (var router in running.OfType<RouterNode>().Where(each => each.Description.HasRouterState))
            states.Add(router.Name, await Lab.RouterState(router.Name, cancellation));
        return new Failure(
            expectation.Step!, expectation.Text, [.. expectation.Requirements.Select(RequirementCatalog.Get)], expectation.Problems,
            [.. around], states);
    }

    private void ReadFrames()
    {
        var captured = Lab.Frames;
        for (var i = firstFrame + frames.Count; i < captured.Count; i++)
        {
            var frame = SeenFrame.Decode(captured[i] with { Number = frames.Count + 1 }, Dialect);
            if (frame.IsTesters && stations.TryGetValue(MacAddress.Read(frame.Frame.Bytes.Span[6..]), out var station))
                frame.Sender = station.Name;
            if (frame.IsTesters && scheduled.FindIndex(each => each.Is(frame)) is var index and >= 0)
            {
                sent.Add((frame, scheduled[index].Due));
                scheduled.RemoveAt(index);
            }

            frames.Add(frame);
            if (frame.IsIgmp && !switches.Contains(frame.Sender))
                messages.Add(frame);
        }
    }

    private T Node<T>(string name, string kind)
        where T : LabNode =>
        nodes.GetValueOrDefault(name) as T
        ?? throw new ArgumentException($"{Lab.Topology.Name} has no {kind} called {name}.", nameof(name));

    // "state => state.Follows(R2)" reads better as "Follows(R2)".
    private static string Plain(string lambda)
    {
        var arrow = lambda.IndexOf("=>", StringComparison.Ordinal);
        if (arrow < 0)
            return lambda;
        var parameter = lambda[..arrow].Trim();
        return lambda[(arrow + 2)..]
            .Trim()
            .Replace(parameter + ".", "", StringComparison.Ordinal)
            .Replace("!.", ".", StringComparison.Ordinal);
    }

    /// <summary>A frame that is to be sent.</summary>
    private sealed record ScheduledFrame(string Lan, ReadOnlyMemory<byte> Bytes, Instant Due)
    {
        public bool Is(SeenFrame frame) =>
            frame.At >= Due && frame.Frame.Lan == Lan && frame.Frame.Bytes.Span.SequenceEqual(Bytes.Span);
    }
}
