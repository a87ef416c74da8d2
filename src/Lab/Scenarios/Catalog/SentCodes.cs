using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Six routers, each alone on a LAN of its own, are configured with intervals from the shortest to the longest that a query can announce.
/// Their queries have the code of each: the value itself below 128, a floating-point number from there on, and the next lower one where
/// there is no code for it.
/// </summary>
[Scenario(
    "code-encoding-sweep", ScenarioTheme.Sources,
    "Six routers with intervals over the whole range: the codes by which their queries announce them.")]
[Covers("V3-M-8.8-01", "V3-R-4.1.7-01", "V3-R-8.8-01")]
public sealed class SentCodes : Scenario
{
    // RFC 9776 §4.1.
    private const int PacketAt = 14;
    private const int CodeAt = 1;
    private const int QqicAt = 9;

    private static readonly Address Member = Address.Parse("10.0.0.12");
    private static readonly Address G = Address.Parse("239.1.1.1");

    // What the startup files say, and what RFC 9776 §4.1.1 and §4.1.7 make of it: 10 s are a code of 100, for instance.
    private static readonly (string Router, string Set, byte Query, byte Interval, byte LastMember)[] Routers =
    [
        ("r1", "4 s, 20 s, 1 s", 40, 20, 10),
        ("r2", "12.7 s, 127 s, 0.5 s", 127, 127, 5),
        ("r3", "12.8 s, 128 s, 2 s", 0x80, 0x80, 20),
        ("r4", "12.9 s, 288 s, 20 s", 0x80, 0x92, 0x89),
        ("r5", "25 s, 1000 s, 12.8 s", 0x8F, 0xAF, 0x80),
        ("r6", "3174.4 s, 31744 s, 3174.4 s", 0xFF, 0xFF, 0xFF),
    ];

    /// <inheritdoc/>
    /// <remarks>Of these only the Startup Query Interval is used: the routers' own settings have the other intervals.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 60.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        lab.ExpectNothingElse();

        await lab.Step("The routers start: their General Queries announce what they are set to, as nearly as codes can");
        var start = await lab.StartAllBut();
        foreach (var (name, set, query, interval, _) in Routers)
        {
            var router = lab.Router(name);
            lab.Expect(
                    GeneralQuery().From(router).Where($"with codes {query} and {interval} for {set}", With(query, interval)),
                    since: start, times: lab.Timing.StartupQueryCount, every: lab.Timing.StartupQueryInterval)
                .Shows("V3-M-8.8-01", "V3-R-4.1.7-01");
        }

        await lab.Step("A host leaves a group on each LAN: the queries about it grant the Last Member Query Interval");
        foreach (var (name, set, _, interval, last) in Routers)
        {
            var router = lab.Router(name);
            var member = lab.Play($"member of {name}", router.Lan, Member);
            await member.Report(ToExclude(G));
            var leave = await member.Report(ToInclude(G));
            lab.Expect(
                    Query(G).From(router).Where($"with codes {last} and {interval} for {set}", With(last, interval)), since: leave)
                .Shows("V3-M-8.8-01", "V3-R-8.8-01");
        }
    }

    private static Func<SeenFrame, bool> With(byte code, byte interval) => frame =>
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        var message = packet[((packet[0] & 0xF) * 4)..];
        return message[CodeAt] == code && message[QqicAt] == interval;
    };
}
