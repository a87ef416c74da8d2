using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The fields of the queries that a router sends (RFC 9776 §4.1): judged by the bytes of every query.</summary>
internal static class SentQueryTests
{
    private const int FixedLength = 12;
    private const int AddressLength = 4;

    // §4.1.8: what an Ethernet of 1500 bytes leaves after the headers with Router Alert and the fields before the sources.
    private const int Mtu = 1500;
    private const int MostSources = 366;

    // §4.2.17: the most sources that one record of a report has room for there.
    private const int MostReported = 365;

    internal static IEnumerable<ConformanceTest> All =>
    [
        Format("A General Query has a group of zero, any other the group that it goes to.", MessageFormats.QueryGroup),
        Format("A General Query goes to all systems, any other to the group that it asks about.", MessageFormats.QueryDestination),
        Format("The four bits before the S flag are zero.", MessageFormats.OfQueries[0]),
        Format("A query ends with its last source.", MessageFormats.OfQueries[1]),
        Lasting(
            "sent-query-counts-its-sources", ["V3-M-4.1.8-02"],
            "The number of sources in a query is that of those that follow: none unless it is about sources.",
            CountSources),
        Lasting(
            "sent-query-fits-the-link", ["V3-R-4.1.8-01"],
            "More sources than one packet has room for are asked about in several, none of which is a fragment.",
            AskAboutMany),
        SFlag(2),
        SFlag(7),
    ];

    private static RouterTest Format(string purpose, MessageFormat format) => Lasting(
        format.Name, [format.Requirement], purpose,
        lab => lab.JudgeSent(lab.SentQueries(), format.What, message => format.Wrong(message, lab.Dialect)));

    private static async Task CountSources(RouterBench lab)
    {
        Address[] three = [lab.S1, lab.S2, lab.S3];
        var many = lab.Plan.ManySources(300);
        (Address Group, Address[] Sources)[] asked = [(lab.G1, []), (lab.G2, [lab.S1]), (lab.G(3), [lab.S1, lab.S2]), (lab.G(4), many)];
        await lab.StartSending();
        await lab.Bring(lab.G1, GroupShape.Exclude());
        await lab.Bring(lab.G2, GroupShape.Include(three));
        await lab.Bring(lab.G(3), GroupShape.Include(three));
        await lab.Bring(lab.G(4), GroupShape.Include(many));

        await lab.Step("Hosts leave a group and block 1, 2 and 300 sources of others");
        lab.ExpectAlways(lab.SentQueries(), "its number of sources", frame =>
        {
            var message = WireMessage.Of(frame);
            var (count, sources) = (message.Word(10), message.Body.Length - FixedLength);
            var any = asked.Any(each => each.Sources.Length > 0 && message.Asks(each.Group));
            return sources == AddressLength * count && (count > 0) == any
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"{count} as the number of sources and {sources} bytes of them");
        }).UntilStepEnds();
        var missing = false;
        foreach (var (group, sources) in asked)
        {
            var report = await lab.Host1.Report(sources.Length == 0 ? ToInclude(group) : Block(group, sources));
            missing |= !await lab.IsAsked(group, report);
        }

        await lab.PassLastMemberQueryTime();
        await lab.Step("The querier has asked");
        if (missing)
            throw Bench.CannotBegin("The device does not ask about all that is left and blocked");
    }

    private static async Task AskAboutMany(RouterBench lab)
    {
        var t = lab.Timing;
        var all = lab.Plan.ManySources(400);
        await lab.StartQuerier();
        await lab.Host1.Report(Allow(lab.G1, all[..MostReported]));
        await lab.Host1.Report(Allow(lab.G1, all[MostReported..]));
        if (lab.ShowsState && !await lab.ComesTo(state => state.Groups.Any(
            each => each.Group == lab.G1 && each.Sources.Count == all.Length)))
        {
            throw Bench.CannotBegin("The device could not be brought to a group of 400 sources");
        }

        await lab.Step("A host leaves all 400 sources at once, and nobody answers");
        var about = lab.SentQueries(lab.G1);
        var leave = await lab.Host1.Report(ToInclude(lab.G1));
        lab.ExpectTogether(
            about, leave, within: t.LastMemberQueryInterval / 2,
            "ask about all 400 sources, at most 366 in each, in no fragments, with S=0",
            frames =>
            {
                var messages = frames.Select(WireMessage.Of).ToList();
                var left = all.Except(frames.Where(frame => frame.Query is not null).SelectMany(frame => frame.Query!.Sources)).Count();
                return messages.Count == 0 ? "the device does not ask"
                    : messages.Exists(each => each.IsFragment) ? "one is a fragment"
                    : messages.Exists(each => each.TotalLength > Mtu || each.Word(10) > MostSources) ? "one is too long"
                    : messages.Exists(each => (each.At(8) & 0x08) != 0) ? "one has the S flag set"
                    : left > 0 ? string.Create(CultureInfo.InvariantCulture, $"{left} sources are not asked about")
                    : null;
            });
        await lab.PassLastMemberQueryTime();
    }

    private static RouterTest SFlag(int robustness) => new(
        FormattableString.Invariant($"sent-query-s-flag-beside-qrv-{robustness}"), ["V3-M-4.1.5-01"],
        "The S flag is the bit 0x08, beside the Robustness Variable in the low three bits.",
        async lab =>
        {
            await lab.StartQuerier();
            await lab.Bring(lab.G1, GroupShape.Exclude());

            await lab.Step("A host leaves, and another answers the first query: the second asks with S set");
            var leave = await lab.Host1.Report(ToInclude(lab.G1));
            if (!await lab.IsAsked(lab.G1, leave))
                throw Bench.CannotBegin("The device does not ask about a group that is left");
            lab.ExpectAlways(lab.SentQueries(lab.G1), "S and QRV in their places", frame =>
                WireMessage.Of(frame).At(8) is var octet && (octet == robustness || octet == (0x08 | robustness))
                    ? null
                    : $"0x{octet:X2} in its ninth byte").UntilStepEnds();
            await lab.Pass(lab.Timing.LastMemberQueryInterval / 4);
            var answer = await lab.Host2.Report(IsExclude(lab.G1));
            var repeated = await lab.Seen(lab.SentQueries(lab.G1), answer, lab.Timing.LastMemberQueryInterval);

            await lab.Step("The querier has asked again");
            if (repeated is null || (WireMessage.Of(repeated).At(8) & 0x08) == 0)
                throw Bench.CannotBegin("The device sends no query with S set");
        })
    {
        Timing = usual => Timers(usual) with { RobustnessVariable = robustness, StartupQueryCount = 2, LastMemberQueryCount = 2 },
        Unfit = t => t.RobustnessVariable == robustness
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the Robustness Variable is {t.RobustnessVariable}"),
    };
}
