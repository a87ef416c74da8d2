using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>
/// The kernel's bridge with snooping and its own querier between the two LANs. It works in the sender's context; so what it costs is what
/// a load costs the sender (and the kernel's interrupt threads), less what the same load costs into a wire whose other end nobody listens
/// to.
/// </summary>
internal sealed class LinuxBridge : Peer
{
    // By default it gives up snooping at 4,096 groups.
    private const int MostGroups = 262_144;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TestBed bareWire = TestBed.Create(isRouted: false);
    private readonly PacketSocket bareSocket;

    public LinuxBridge(TestBed bed)
        : base(bed) => bareSocket = bareWire.OpenSender(TestBed.Members);

    /// <inheritdoc/>
    public override bool HasProcesses => false;

    /// <inheritdoc/>
    public override bool RoutesOnJoin => true;

    /// <inheritdoc/>
    public override void Launch()
    {
        Bed.Run(
            "ip", "link", "add", "br0", "type", "bridge", "mcast_snooping", "1", "mcast_igmp_version", "3", "mcast_hash_max",
            $"{MostGroups}", "mcast_query_response_interval", "100");
        Bed.Run("ip", "link", "set", "br0", "type", "bridge", "mcast_querier", "1");
        foreach (var port in (string[])["eth0", "eth1"])
            Bed.Run("ip", "link", "set", port, "master", "br0");
        Bed.Run("ip", "link", "set", "br0", "up");
    }

    /// <inheritdoc/>
    public override double Spend(Action<LoadGenerator> load) =>
        Math.Max(0, Cost(load, Members) - Cost(load, new LoadGenerator(bareSocket)));

    /// <inheritdoc/>
    public override void Settle(TimeSpan? patience = null) => Pass(TimeSpan.FromMilliseconds(5));

    /// <inheritdoc/>
    public override void Pass(TimeSpan time) => Bed.Pass(time);

    /// <inheritdoc/>
    // What the kernel's slab allocator has handed out for good, of the whole machine.
    public override long ReadMemory() => KernelMemory.Unreclaimable();

    /// <inheritdoc/>
    public override void Dispose()
    {
        bareSocket.Dispose();
        bareWire.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    // For a Query Response Interval (set to 1 s above) after it became the querier it does not know all groups, and floods.
    protected override void AwaitReadiness()
    {
        using var ear = Bed.OpenEar(TestBed.Members, PacketFilter.Ipv4(IpProtocol.Udp));
        using var batch = new PacketBatch();
        using var stream = Load.Datagrams([Address.Parse("239.255.0.2")], Load.Source);
        Until(
            () =>
            {
                ear.Receive(batch);
                Streams.Send(stream, 0);
                // What is sent over a veth pair is there when the call returns.
                return ear.Receive(batch) == 0;
            },
            "it no longer floods", Patience);
    }

    /// <inheritdoc/>
    // It does not count, and cannot lose: what is sent has been heard when the call returns.
    protected override long ReadReports() => 0;

    /// <inheritdoc/>
    protected override long ReadGroups() =>
        Bed.Run("bridge", "mdb", "show", "dev", "br0")
            .Split('\n')
            .Count(line => line.Contains(" port eth0 grp ", StringComparison.Ordinal));

    /// <inheritdoc/>
    protected override long ReadLost() => 0;

    /// <inheritdoc/>
    protected override string Complaints() => "";

    private double Cost(Action<LoadGenerator> load, LoadGenerator sender)
    {
        // The scheduler brings a thread's account up to date when it gives the processor away.
        Settle();
        var before = ProcessorTime.OfThisThreadAndInterrupts();
        load(sender);
        Settle();
        return (ProcessorTime.OfThisThreadAndInterrupts() - before) / 1_000.0;
    }
}
