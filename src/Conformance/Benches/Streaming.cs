using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>What tests need that watch what the device forwards from <see cref="RouterBench.Upstream"/>.</summary>
internal static class Streaming
{
    /// <summary>The option of devices that can forward.</summary>
    internal const string Option = "forward";

    /// <summary>How long a router may take, beyond what the world allows it, until what it forwards follows its membership state.</summary>
    internal static readonly TimeSpan Follows = 1.Seconds();

    // Some routers have to find the others, and who is responsible for the LAN, before they forward anything.
    private static readonly TimeSpan Begins = 20.Seconds();

    /// <summary>
    /// Starts the device, and waits until it forwards something that has nothing to do with the test, so that what comes then depends on
    /// the membership state alone.
    /// </summary>
    internal static async Task StartForwarder(this RouterBench lab)
    {
        await lab.StartQuerier();
        if (!await lab.Forwards(lab.Host3, lab.S(200), lab.G(lab.Plan.Groups.Count)))
            throw Bench.CannotBegin("The device forwards nothing");
    }

    /// <summary>Whether the device forwards a group of which a host asks for all sources; a router may need some time for that.</summary>
    internal static async Task<bool> Forwards(this RouterBench lab, Station host, Address source, Address group)
    {
        for (var begin = lab.Now; lab.Now.At < begin.At + Begins;)
        {
            var report = await host.Report(IsExclude(group));
            var stream = await lab.Stream(source, group, lasting: Follows);
            if (await lab.Seen(stream.On(Bench.Lan), report, Follows))
                return true;
        }

        return false;
    }

    /// <summary>A stream that arrives on the tested LAN already; ends the test when it does not, as it is about what comes then.</summary>
    internal static async Task<DatagramStream> Flow(this RouterBench lab, Address source, Address group, TimeSpan lasting)
    {
        var begin = lab.Now;
        var stream = await lab.Stream(source, group, lasting + Follows);
        if (!await lab.Seen(stream.On(Bench.Lan), begin, Follows))
            throw Bench.CannotBegin($"The device does not forward {stream}");
        // What has changed so far is over, so that a change from now on can be told from it.
        await lab.Pass((5 * stream.Every) + lab.Tolerance);
        return stream;
    }
}
