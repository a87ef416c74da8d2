using MulticastLab.Lab.Engines;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Reads every frame of the lab: when routers ask, what for, whether they answer themselves, and where datagrams go.</summary>
internal sealed class FrameWatch
{
    private readonly LabPlan plan;
    private readonly Windows windows;
    private readonly LanModel[] models;
    private readonly Func<NodePlan, int, bool> isUp;
    private readonly Action<string>? tell;
    private readonly QueryRate rate;
    private readonly GeneralQueryDuty general;
    private readonly HeardReports[] heard;
    private readonly SpecificQueryDuty[] specific;
    private readonly RouterAnswers answers;
    private readonly Instant?[] calmSince;
    private readonly HashSet<(string Node, Instant At)> lost = [];
    private readonly DataPlane datagrams = new();
    private readonly NodePlan forwarder;

    public FrameWatch(LabPlan plan, Windows windows, LanModel[] models, Func<NodePlan, int, bool> isUp, Action<string>? tell)
    {
        this.plan = plan;
        this.windows = windows;
        this.models = models;
        this.isUp = isUp;
        this.tell = tell;
        rate = new QueryRate(plan, windows);
        general = new GeneralQueryDuty(plan, windows);
        heard = [.. models.Select(_ => new HeardReports(windows))];
        specific = [.. models.Select((_, lan) => new SpecificQueryDuty(windows, windows.Delay(lan), heard[lan]))];
        answers = new RouterAnswers(plan, windows, models, isUp);
        calmSince = new Instant?[models.Length];
        forwarder = plan.Nodes[0];
    }

    /// <summary>What every router of the LAN has certainly heard.</summary>
    public HeardReports Heard(int lan) => heard[lan];

    /// <summary>A router's interface has come up.</summary>
    public void Started(int lan, Address router, Instant now)
    {
        rate.Started(lan, router);
        general.Started(lan, router, now);
    }

    /// <summary>What the node sends at this instant nobody hears.</summary>
    public void Lost(string node, Instant now) => lost.Add((node, now));

    /// <summary>Looks at the frames since the last time, during which the model has not changed.</summary>
    public void Look(IReadOnlyList<LabFrame> frames, Instant now)
    {
        for (var lan = 0; lan < models.Length; lan++)
        {
            if (models[lan].CalmSince != calmSince[lan])
                specific[lan].Abandon();
            calmSince[lan] = models[lan].CalmSince;
        }

        foreach (var frame in frames)
            Look(frame);
        lost.Clear();
        if (datagrams.Settle(now - windows.Slack, ChangedAt) is { } wrong)
            throw new ViolationException(new Violation(Law.Datagrams, now, wrong));
        if (
            general.Overdue(
                now, (lan, address) => plan.Routers.Any(each => each.IsOn(lan) && each.AddressOn(lan) == address && isUp(each, lan))) is
            { } missing)
            throw new ViolationException(new Violation(Law.QueriesAreSent, now, missing));
        for (var lan = 0; lan < models.Length; lan++)
        {
            if (specific[lan].Overdue(now) is { } overdue && HasOneQuerier(lan, now))
                throw new ViolationException(new Violation(Law.QueriesAreSent, now, overdue));
        }

        if (answers.Overdue(now) is { } unanswered)
            throw new ViolationException(new Violation(Law.RoutersAreMembers, now, unanswered));
    }

    private void Look(LabFrame frame)
    {
        var lan = frame.Lan[0] - 'A';
        if (
            EthernetView.TryRead(frame.Bytes.Span, out var ethernet) != PacketError.None
            || Ipv4View.TryRead(ethernet.Payload, out var ip) != PacketError.None)
            throw new ViolationException(new Violation(Law.NoException, frame.At, $"{frame.Node} has sent what is no IPv4 packet"));
        if (ip.Protocol == IpProtocol.Udp)
        {
            Datagram(frame, lan, ip);
            return;
        }

        tell?.Invoke($"{frame.At,16}  {frame.Lan} {frame.Node,-4} {FrameDecoder.Decode(frame.Bytes.Span, LinkType.Ethernet)}");
        if (IgmpPacket.TryRead(ethernet.Payload, out var igmp) != PacketError.None)
            throw new ViolationException(
                new Violation(Law.NoException, frame.At, $"{frame.Node} has sent an IGMP message that nobody would take"));
        if (igmp.Envelope is not { TimeToLive: 1, RouterAlert: true })
            throw new ViolationException(new Violation(Law.Envelope, frame.At, $"{frame.Node} has sent {igmp.Type} in {igmp.Envelope}"));
        switch (igmp.Type)
        {
            case IgmpType.MembershipQuery:
                Query(frame, lan, igmp.Envelope.Source, igmp.Query);
                break;
            case IgmpType.V3MembershipReport:
                rate.Seen(lan, igmp.Report);
                foreach (var record in igmp.Report)
                    Record(frame, lan, record);
                break;
            default:
                GroupMessage(frame, lan, igmp.GroupMessage);
                break;
        }
    }

    private void Query(LabFrame frame, int lan, Address router, in Query query)
    {
        if (rate.Seen(lan, router, query, frame.At) is { } wrong)
            throw new ViolationException(new Violation(Law.QueryRate, frame.At, wrong));
        var asker = plan.Nodes.First(each => each.Name == frame.Node);
        if (query.Kind == QueryKind.General)
        {
            general.Asked(lan, asker, frame.At);
            answers.Asked(lan, frame.At);
            return;
        }

        // Below version 3 there is no S flag, and it stops asking for what was reported (RFC 2236 §3).
        if (
            plan.Version == 3
            && calmSince[lan] is not null
            && specific[lan].Asked(asker, query, frame.At) is var (law, what)
            && HasOneQuerier(lan, frame.At))
            throw new ViolationException(new Violation(law, frame.At, what));
        heard[lan].Heard(query);
    }

    private void Record(LabFrame frame, int lan, in GroupRecord record)
    {
        // What a router says of itself (§6) tells nothing of listeners.
        if (record.Group == Dialect.Igmp.ReportDestination)
        {
            answers.Seen(lan, frame.Node, record);
            return;
        }

        if (!IsHeard(frame, lan))
        {
            heard[lan].Doubt(record.Group);
            return;
        }

        specific[lan].Heard(record, frame.At);
        heard[lan].Heard(record, frame.At);
    }

    private void GroupMessage(LabFrame frame, int lan, GroupMessage message)
    {
        if (message.Kind == GroupMessageKind.Leave)
            rate.SeenLeave(lan, message.Group);
        if (!IsHeard(frame, lan))
        {
            heard[lan].Doubt(message.Group);
        }
        else if (message.Kind == GroupMessageKind.Leave)
        {
            specific[lan].HeardLeave(message.Group, frame.At);
            heard[lan].HeardLeave(message.Group, frame.At);
        }
        else
        {
            specific[lan].HeardOlder(message.Group, frame.At);
            heard[lan].HeardOlder(message.Group, Dialect.Igmp.VersionOf(message.Generation), frame.At);
        }
    }

    // By all who are there, and in the order in which it was sent.
    private bool IsHeard(LabFrame frame, int lan) =>
        calmSince[lan] + Windows.WorstDelay <= frame.At && !models[lan].IsDark && !lost.Contains((frame.Node, frame.At));

    // §6.6.2: the election is over, and so is what a router has begun to ask before.
    private bool HasOneQuerier(int lan, Instant at) => calmSince[lan] + windows.Election + windows.LastMemberGone <= at;

    private void Datagram(LabFrame frame, int lan, Ipv4View ip)
    {
        if (UdpView.TryRead(ip, out var udp) != PacketError.None || !StreamDatagram.TryRead(udp.Payload, out var datagram))
            return;
        if (frame.Node != DataPlane.Node)
            datagrams.Forwarded(datagram, lan);
        else if (isUp(forwarder, 0))
            datagrams.Sent(datagram, ip.Destination, ip.Source, frame.At, Expected(ip.Destination, ip.Source, frame.At));
    }

    // Only what is settled on the way and where it would come to.
    private Dictionary<int, bool> Expected(Address group, Address source, Instant at)
    {
        var expected = new Dictionary<int, bool>();
        if (models[0].CalmSince is null || models[0].IsDark)
            return expected;
        for (var lan = 1; lan < models.Length; lan++)
        {
            var model = models[lan];
            if (model.CalmSince is not { } calm || !isUp(forwarder, lan))
                continue;
            var (wanted, since) = model.Wants(group, source);
            if (wanted && at >= Later(since + windows.Slack, calm + windows.EverybodyHeard))
                expected[lan] = true;
            else if (!wanted && at >= Later(windows.SettledAt(model, group, at), calm) + windows.Steady)
                expected[lan] = false;
        }

        return expected;
    }

    private Instant ChangedAt(int lan, Address group)
    {
        var latest = models[lan].ChangedAt(group);
        foreach (var model in (LanModel[])[models[0], models[lan]])
            latest = Later(latest, model.CalmSince ?? Instant.Never);
        return latest;
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
}
