using System.Globalization;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Robustness.Fuzz;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;

namespace MulticastLab.Robustness.Wire;

/// <summary>The shipped router in a namespace of its own, and the other end of its wire: real interfaces, real packets.</summary>
internal sealed class RouterOnTheWire : IDisposable
{
    private const int MostBytes = 1500;

    private const string Timers =
        "--robustness-variable 2 --query-max-response-time 2 --last-member-query-interval 0.5 --last-member-query-count 2";

    // Short enough that an election is seen through in ten seconds, as told in queries.
    private static readonly TimeSpan QueryInterval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LastMemberQueryInterval = TimeSpan.FromMilliseconds(500);

    // A busy machine may be late by this much, at both ends.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(250);

    private readonly PrivateNetwork here;
    private readonly PrivateNetwork there;
    private readonly RouterProcess router;
    private readonly PacketSocket sender;
    private long heardBefore;
    private long messages;

    private RouterOnTheWire(PrivateNetwork here, PrivateNetwork there, RouterProcess router)
    {
        (this.here, this.there, this.router) = (here, there, router);
        sender = here.Run(() => PacketSocket.Open("eth0", new PacketSocketOptions { Protocol = 0, LinkHeader = false }));
    }

    /// <summary>Starts it; the test is skipped where there are no namespaces.</summary>
    /// <param name="queryInterval">Its Query Interval in whole seconds; 4 s unless told.</param>
    public static async Task<RouterOnTheWire> Start(TimeSpan? queryInterval = null)
    {
        var here = PrivateNetwork.CreateOrSkip();
        var there = PrivateNetwork.CreateOrSkip();
        here.WireTo(there, "10.0.0.2/24", "10.0.0.100/24");
        return new RouterOnTheWire(
            here,
            there,
            await RouterProcess.StartReady(
                there, $"--interface eth0 {Timers} --query-interval {(int)(queryInterval ?? QueryInterval).TotalSeconds}"));
    }

    /// <summary>The router's process number.</summary>
    public int Id => router.Id;

    /// <summary>What the router has said.</summary>
    public string Log => router.Log;

    /// <summary>Sends an IPv4 packet; what is beyond the MTU is cut off, and nothing at all is not sent.</summary>
    /// <returns>Whether it was sent.</returns>
    public bool Send(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty)
            return false;
        packet = packet[..Math.Min(packet.Length, MostBytes)];
        sender.Send(packet, PacketSocketOptions.Ipv4, MacAddress.ForGroup(Dialect.ReportDestination));
        if (IgmpPacket.TryRead(packet, out _) == PacketError.None)
            messages++;
        return true;
    }

    /// <summary>From now on nobody but <see cref="Send"/> sends: all that others have sent was heard.</summary>
    public async Task Begin() => (heardBefore, messages) = (await Heard(), 0);

    /// <summary>
    /// Waits until the router has heard all that was sent since <see cref="Begin"/>, so that nothing is lost that was meant to be heard:
    /// its counters tell, as its packets lie in a ring that the kernel does not tell the length of.
    /// </summary>
    /// <exception cref="BrokenInvariantException">It does not read any more, or has lost something.</exception>
    public async Task WaitUntilRead()
    {
        using var patience = new CancellationTokenSource(RouterProcess.Patience);
        while (await Heard() < heardBefore + messages)
            Invariant.Holds(!patience.IsCancellationRequested, $"the router has stopped reading. It said:\n{Log}");
    }

    /// <summary>How many IGMP messages the router has heard since its start.</summary>
    public async Task<long> Heard()
    {
        var statistics = (await Summary()).Statistics;
        Invariant.Holds(
            statistics.Error["receive-buffer-full"] == 0, $"{statistics.Error["receive-buffer-full"]} frames were lost unheard");
        return statistics.Received["total"];
    }

    /// <summary>The state dump.</summary>
    public Task<RouterState> State() => router.State();

    /// <summary>The same without the groups, only their number.</summary>
    public Task<RouterState> Summary() => router.Summary();

    /// <summary>Waits until the router has said so.</summary>
    public Task UntilLog(string text) => router.UntilLog(text);

    /// <summary>Takes the wire away and puts it back.</summary>
    public async Task Flap()
    {
        here.Ip("link set eth0 down");
        await router.Until(state => !state.First().Up, "down");
        here.Ip("link set eth0 up");
        await router.Until(state => state.First().Up, "up again");
    }

    /// <summary>A router's basic functions still work: a join, a leave (§6.6.3.1) and an election (§6.6.2).</summary>
    public async Task CheckAftermath()
    {
        using var ear = new IgmpEar(here);
        await BecomeQuerier(ear);
        var group = Addresses.Igmp.Untouched.ToString();

        ear.Report(Addresses.Igmp.Member, RecordType.ToExclude, Addresses.Igmp.Untouched);
        await router.Until(state => state.Group(group) is { Mode: FilterMode.Exclude }, "a join");

        Leave(ear, Addresses.Igmp.Member, Addresses.Igmp.Untouched);
        await router.Until(state => state.Group(group) is null, "the end of the group");

        SendGeneralQuery(ear, Addresses.Igmp.Lower);
        await router.Until(state => state.First().Querier == Addresses.Igmp.Lower, "the election of a lower address");
        await BecomeQuerier(ear);
    }

    /// <summary>The last member of a group leaves; the router asks, and has so many groups then.</summary>
    public async Task CheckLeave(Address member, Address group, int groupsLeft)
    {
        using var ear = new IgmpEar(here);
        Leave(ear, member, group);
        await router.UntilGroupCount(groupsLeft);
    }

    public void Dispose()
    {
        router.Dispose();
        sender.Dispose();
        there.Dispose();
        here.Dispose();
    }

    private static void Leave(IgmpEar ear, Address member, Address group)
    {
        ear.Report(member, RecordType.ToInclude, group);
        var first = ear.Next(IsQueryFor(group), "the first query after the leave");
        var second = ear.Next(IsQueryFor(group), "the second query after the leave");
        var apart = second.At - first.At;
        Invariant.Holds(
            apart >= LastMemberQueryInterval - Tolerance && apart <= LastMemberQueryInterval + Tolerance,
            $"the queries after the leave are {apart.TotalSeconds} s apart");
    }

    // A storm may have made a querier of anybody, with times of days: in that one's name the usual times are told again, and silence does
    // the rest.
    private async Task BecomeQuerier(IgmpEar ear)
    {
        if ((await State()).First() is { IsQuerier: false, Querier: { } other })
            SendGeneralQuery(ear, other);
        await router.Until(state => state.First().IsQuerier, "being the querier again");
    }

    private static void SendGeneralQuery(IgmpEar ear, Address from)
    {
        var buffer = new byte[100];
        var query = new QueryContent(Generation.Sources, TimeSpan.FromSeconds(1), Address.AnyV4, false, 2, QueryInterval, []);
        ear.Send(buffer.AsSpan(0, IgmpWriter.WriteQuery(buffer, query, from, Dialect.AllSystems)), MacAddress.ForGroup(Dialect.AllSystems));
    }

    private static Func<SeenMessage, bool> IsQueryFor(Address group) =>
        seen => seen.Type == IgmpType.MembershipQuery && seen.Group == group;

    private static Membership.Dialects.Dialect Dialect => Membership.Dialects.Dialect.Igmp;

    /// <summary>What the process holds at this moment.</summary>
    public Holdings ReadHoldings()
    {
        var status = File.ReadLines($"/proc/{Id}/status")
            .Select(line => line.Split(':'))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new Holdings(
            long.Parse(status["VmRSS"].Split(' ')[0], CultureInfo.InvariantCulture) * 1024,
            Directory.GetFiles($"/proc/{Id}/fd").Length,
            int.Parse(status["Threads"], CultureInfo.InvariantCulture));
    }
}

/// <summary>What a process holds.</summary>
/// <param name="Memory">Resident bytes.</param>
/// <param name="Handles">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
internal sealed record Holdings(long Memory, int Handles, int Threads)
{
    public override string ToString() => $"{Memory / 1048576.0:F1} MiB, {Handles} handles, {Threads} threads";
}
