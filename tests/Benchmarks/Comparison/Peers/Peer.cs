using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Benchmarks.Comparison.Peers;

/// <summary>What is compared: a router, or what stands in its place, in a test bed of its own.</summary>
internal abstract class Peer : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(100);

    private readonly PacketSocket membersSocket;
    private readonly PacketSocket sourcesSocket;
    private (long Reports, long Groups, long Lost) first;

    /// <summary>Makes the test bed; nothing runs yet.</summary>
    protected Peer(TestBed bed)
    {
        Bed = bed;
        membersSocket = bed.OpenSender(TestBed.Members);
        sourcesSocket = bed.OpenSender(TestBed.Sources);
        Members = new LoadGenerator(membersSocket);
        Streams = new LoadGenerator(sourcesSocket);
    }

    /// <summary>Its namespaces.</summary>
    public TestBed Bed { get; }

    /// <summary>The hosts of the receivers' LAN.</summary>
    public LoadGenerator Members { get; }

    /// <summary>The sources on the other LAN.</summary>
    public LoadGenerator Streams { get; }

    /// <summary>
    /// Whether its work is done by processes of its own, whose time is theirs even when next to nothing is offered; not in the sender's
    /// context.
    /// </summary>
    public abstract bool HasProcesses { get; }

    /// <summary>Whether a join makes a forwarding entry at once. Otherwise it is the first packet of the stream that does.</summary>
    public abstract bool RoutesOnJoin { get; }

    /// <summary>Starts it; returns when it is the querier and hears reports.</summary>
    /// <param name="isCold">Nothing is done beforehand only so that it has been done before.</param>
    /// <exception cref="MeasurementFailedException">It does not come up.</exception>
    public void Start(bool isCold)
    {
        using (var ear = Bed.OpenEar(TestBed.Members, PacketFilter.Of(Dialect.Igmp.Filter)))
        {
            Launch();
            FirstQuery(ear, StartPatience);
        }

        AwaitReadiness();
        if (!isCold)
            Rehearse();

        using var probe = Load.Reports(RecordType.ToExclude, [Address.Parse("239.255.0.1")]);
        var deadline = KernelClock.Monotonic + StartPatience;
        while (ReadGroups() == 0)
        {
            if (KernelClock.Monotonic > deadline)
                throw new MeasurementFailedException(
                    $"it does not hear a report within {StartPatience.TotalSeconds:0} s of its first query");
            Members.Send(probe, 0);
            Pass(ProbeEvery);
        }

        Settle();
        BeginCounting();
    }

    /// <summary>Counting starts now.</summary>
    public void BeginCounting() => first = (ReadReports(), ReadGroups(), ReadLost());

    /// <summary>Starts its processes, and does not wait for them.</summary>
    public abstract void Launch();

    /// <summary>When its first General Query was seen on the receivers' LAN.</summary>
    /// <exception cref="MeasurementFailedException">None was.</exception>
    public Instant FirstQuery(PacketSocket ear, TimeSpan patience)
    {
        using var batch = new PacketBatch();
        var deadline = KernelClock.Monotonic + patience;
        for (var left = patience; left > TimeSpan.Zero && ear.WaitForPacket(left); left = deadline - KernelClock.Monotonic)
        {
            ear.Receive(batch);
            for (var i = 0; i < batch.Count; i++)
            {
                if (
                    batch[i].Type != PacketType.Outgoing
                    && IgmpPacket.TryRead(batch[i].Bytes, out var packet) == PacketError.None
                    && packet.Type == IgmpType.MembershipQuery)
                    return batch[i].At;
            }
        }

        throw new MeasurementFailedException($"it sends no General Query within {patience.TotalSeconds:0} s. {Complaints()}".TrimEnd());
    }

    /// <summary>
    /// The processor's microseconds that a load costs it, from the first frame until it has done all that there is to do now.
    /// </summary>
    public abstract double Spend(Action<LoadGenerator> load);

    /// <summary>Reports that it has taken since <see cref="BeginCounting"/>.</summary>
    public long CountReports() => ReadReports() - first.Reports;

    /// <summary>Groups that it knows, besides those at <see cref="BeginCounting"/>.</summary>
    public long CountGroups() => ReadGroups() - first.Groups;

    /// <summary>Packets that the kernel had no room for in its sockets since <see cref="BeginCounting"/>.</summary>
    public long CountLost() => ReadLost() - first.Lost;

    /// <summary>The entries of the kernel's forwarding table that lead somewhere, and all of them.</summary>
    public (int Leading, int All) Routes()
    {
        var (leading, all) = (0, 0);
        foreach (var line in Bed.ProcNet("ip_mr_cache").Skip(1))
        {
            all++;
            // What an entry leads to follows group, source, incoming interface and three counters, each as VIF:TTL.
            if (line.Contains(':', StringComparison.Ordinal))
                leading++;
        }

        return (leading, all);
    }

    /// <summary>Resident memory of all its processes, in bytes.</summary>
    public abstract long ReadMemory();

    /// <summary>
    /// The processor time that it has spent on compiling itself while it runs, as far as the threads that did it are still there; null when
    /// it does not.
    /// </summary>
    public virtual TimeSpan? ReadCompilerTime() => null;

    /// <summary>
    /// How long in all, counted from anywhere, it could have run while others than itself had its processor: the growth of it says what a
    /// delay owes to the machine. Zero when it has no processes.
    /// </summary>
    public virtual TimeSpan ReadKeptWaiting() => TimeSpan.Zero;

    /// <summary>Waits until there is nothing more for it to do now.</summary>
    /// <exception cref="MeasurementFailedException">There still is after the patience, by default two minutes.</exception>
    public abstract void Settle(TimeSpan? patience = null);

    /// <summary>Lets time pass.</summary>
    /// <exception cref="MeasurementFailedException">The device has died meanwhile.</exception>
    public abstract void Pass(TimeSpan time);

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="MeasurementFailedException">It does not in time.</exception>
    public void Until(Func<bool> condition, string what, TimeSpan patience)
    {
        var deadline = KernelClock.Monotonic + patience;
        while (!condition())
        {
            if (KernelClock.Monotonic > deadline)
                throw new MeasurementFailedException($"not within {patience.TotalSeconds:0} s: {what}");
            Pass(ProbeEvery / 5);
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        membersSocket.Dispose();
        sourcesSocket.Dispose();
        Bed.Dispose();
    }

    /// <summary>Waits until it is all there, when its first query is out.</summary>
    protected virtual void AwaitReadiness()
    {
    }

    /// <summary>Has it do what it is asked between two measurements until it does not compile itself for it any more.</summary>
    protected virtual void Rehearse()
    {
    }

    /// <summary>Reports that it has taken, as it says itself.</summary>
    protected abstract long ReadReports();

    /// <summary>Groups that it knows, as it says itself.</summary>
    protected abstract long ReadGroups();

    /// <summary>Packets that the kernel had no room for in its sockets.</summary>
    protected abstract long ReadLost();

    /// <summary>The last it has said; empty when it says nothing.</summary>
    protected abstract string Complaints();
}
