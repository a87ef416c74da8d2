using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// A test in progress: the vocabulary of scenarios, and the device with the tester's stations around it. The device is the node
/// <see cref="DeviceName"/>, on <see cref="Lan"/> by its first interface.
/// </summary>
public abstract class Bench : LabRun
{
    /// <summary>The node of the device.</summary>
    public const string DeviceName = "dut";

    /// <summary>The LAN that is tested.</summary>
    public const string Lan = "A";

    private readonly BenchPlace place;
    private readonly List<string> observations = [];

    private protected Bench(BenchPlace place)
        : base(place.Lab, place.Options, place.Observer, place.Cancellation)
    {
        this.place = place;
        Plan = place.Plan;
        DeviceMac = place.Lab.Topology.Nodes.Single(node => node.Name == DeviceName).Interfaces[0].Mac;
        Deadline = place.Patience is { } patience ? place.Lab.Now + patience : null;
        Granularity = place.RealTime ? place.Device.Granularity : TimeSpan.Zero;
    }

    /// <summary>Groups that anybody may send to, from 1.</summary>
    public Address G(int number) => Plan.Groups[number - 1];

    /// <summary>The first of these groups.</summary>
    public Address G1 => G(1);

    /// <summary>The second of these groups.</summary>
    public Address G2 => G(2);

    /// <summary>A group that nobody reports unless the test says so.</summary>
    public Address G9 => G(9);

    /// <summary>A group of the source-specific range.</summary>
    public Address Ssm => Plan.SourceSpecificGroups[0];

    /// <summary>A source, from 1.</summary>
    public Address S(int number) => Plan.Source(number);

    /// <summary>The first source.</summary>
    public Address S1 => S(1);

    /// <summary>The second source.</summary>
    public Address S2 => S(2);

    /// <summary>The third source.</summary>
    public Address S3 => S(3);

    /// <summary>The bench's addresses.</summary>
    public AddressPlan Plan { get; }

    /// <summary>The Ethernet address of the device on <see cref="Lan"/>.</summary>
    public MacAddress DeviceMac { get; }

    /// <summary>What the test has observed that is neither right nor wrong.</summary>
    internal IReadOnlyList<string> Observations => observations;

    /// <summary>Whether the device was started.</summary>
    internal bool HasBegun => Runs(DeviceName);

    /// <summary>Whether the device's state was read for the verdict.</summary>
    internal bool RestsOnState { get; set; }

    /// <summary>Whether some state was read so late that it says nothing about the time that it was expected for.</summary>
    internal bool IsStale { get; set; }

    internal BenchPlace Place => place;

    /// <summary>Takes the device's interface on a LAN down or up.</summary>
    private protected Task<Moment> SetLink(string lan, bool up)
    {
        var device = place.Lab.Topology.Nodes.Single(node => node.Name == DeviceName);
        var name = device.Interfaces.First(each => each.Lan == lan).Interface;
        return Do($"the interface goes {(up ? "up" : "down")}", token => place.Lab.SetLink(DeviceName, name, up, token));
    }

    /// <summary>
    /// Starts the device; or, where it runs already, waits until it has forgotten the older queriers of other tests.
    /// </summary>
    private protected async Task<Moment> Begin(LabNode device)
    {
        var start = await StartDevice(device, place.Start);
        if (place.StartsDevice)
            return start;
        await PassBefore(PassOlderQueriers);
        return Now with { Name = start.Name };
    }

    /// <summary>Lets time pass that is none of this test's: what other tests have left behind takes it.</summary>
    private protected async Task PassBefore(Func<Task> wait)
    {
        var before = Now.At;
        await wait();
        Deadline += Now.At - before;
    }

    // The Older Version Querier Present Timeout, by whichever RFC is longer (RFC 3376 §8.12, RFC 9776 §8.12).
    private async Task PassOlderQueriers()
    {
        var frames = place.Lab.Frames;
        var longest = (Timing.RobustnessVariable * Timing.QueryInterval) + 100.Seconds();
        for (var i = frames.Count - 1; i >= 0 && frames[i].At + longest > Now.At; i--)
        {
            if (SeenFrame.Decode(frames[i], Dialect).Query is not { Kind: QueryKind.General } query
                || query.Generation == Generation.Sources)
                continue;
            var (tenfold, usual) = (10 * query.MaxResponseTime, Timing.QueryResponseInterval);
            await place.Lab.PassUntil(
                frames[i].At + (Timing.RobustnessVariable * Timing.QueryInterval) + (tenfold > usual ? tenfold : usual) + Tolerance,
                place.Cancellation);
            return;
        }
    }

    /// <summary>A query of an older version, for routers of the tester to send.</summary>
    private protected static QueryContent Older(Generation generation, Address group, TimeSpan within) =>
        new(generation, within, group, false, 0, TimeSpan.Zero, []);

    /// <summary>Reports what the device does where the RFC leaves it a choice.</summary>
    /// <param name="what">What it does, as a clause: "accepts a TTL of 255".</param>
    public void Observe(string what) => observations.Add(what);

    /// <summary>Ends the test at once if this cannot be waited for: what is needed before it would be in vain.</summary>
    public void Afford(TimeSpan time)
    {
        if (Now.At + time > Deadline)
            throw new OutOfPatienceException();
    }

    /// <summary>Ends the test: it does not apply to the device where it is.</summary>
    /// <param name="why">Why, as a sentence without a full stop.</param>
    private protected static NotApplicableException CannotApply(string why) => new(why);

    /// <summary>Ends the test without a verdict: the device could not be brought to where the test begins.</summary>
    /// <param name="why">Why, as a sentence without a full stop.</param>
    public static ScenarioAbortedException CannotBegin(string why) => new(why);
}
