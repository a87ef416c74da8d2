using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host includes more sources of a group than one report has room for: it reports and answers in two, each with part of the sources. It
/// excludes as many of another group: that cannot be said in two records, so one has as many as fit, and always the same ones. Three
/// groups that do not fit into one report take two, and no record is cut.
/// </summary>
[Scenario(
    "mtu-report-split", ScenarioTheme.Scale,
    "A host reports more sources than fit into a packet: included ones in several reports, of excluded ones as many as fit.")]
[Covers("V3-H-4.2.17-01", "V3-H-4.2.17-02", "V3-H-4.2.17-03")]
public sealed class ReportsBeyondTheMtu : Scenario
{
    private const int PacketAt = 14;
    private const int Mtu = 1500;

    // (1500 - 24 of the IP header with Router Alert - 8 of the report - 8 of the record) / 4: RFC 9776 §4.2.
    private const int MostSources = 365;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address Including = Address.Parse("239.1.1.1");
    private static readonly Address Excluding = Address.Parse("239.1.1.2");
    private static readonly Address[] Groups = [.. Enumerable.Range(3, 3).Select(i => Address.Parse($"239.1.1.{i}"))];
    private static readonly Address[] Sources = [.. Enumerable.Range(0, 400).Select(i => Address.FromV4(0x0A02_0000 + (uint)i))];

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 200.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "Linux splits a list elsewhere, and reports groups that are joined shortly after one another together";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        var (first, rest) = (Sources[..MostSources], Sources[MostSources..]);
        lab.ExpectAlways(AnyReport().From(h1), "at most 1500 octets, in one piece", FitsIntoOnePacket)
            .Shows("V3-H-4.2.17-01", "V3-H-4.2.17-02", "V3-H-4.2.17-03");
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("The host includes 400 sources: reported in two parts");
        var include = await h1.Include(Including, Sources);
        lab.ExpectStateChange(h1, Allow(Including, first), since: include).Shows("V3-H-4.2.17-02");
        lab.ExpectStateChange(h1, Allow(Including, rest), since: include).Shows("V3-H-4.2.17-02");

        await lab.Step("Asked for the group, it answers in two parts");
        var asked = await querier.Query(lab.Specific(Including));
        lab.Expect(Report(IsInclude(Including, first)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-4.2.17-02");
        lab.Expect(Report(IsInclude(Including, rest)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-4.2.17-02");

        await lab.Step("It leaves: said in two parts");
        var leave = await h1.Leave(Including);
        lab.ExpectStateChange(h1, Block(Including, first), since: leave).Shows("V3-H-4.2.17-02");
        lab.ExpectStateChange(h1, Block(Including, rest), since: leave).Shows("V3-H-4.2.17-02");

        // In two records the second would allow what the first excludes.
        await lab.Step("It excludes 400 sources of another group: as many as fit are reported");
        lab.ExpectStateChange(h1, ToExclude(Excluding, first), since: await h1.Exclude(Excluding, Sources)).Shows("V3-H-4.2.17-03");

        await lab.Step("Asked for everything twice, it answers with the same part");
        for (var round = 0; round < 2; round++)
        {
            asked = await querier.Query(lab.General());
            lab.Expect(Report(IsExclude(Excluding, first)).From(h1), since: asked, within: t.QueryResponseInterval)
                .Shows("V3-H-4.2.17-03");
            await lab.Pass(t.QueryResponseInterval + (2 * lab.Tolerance));
        }

        await lab.Step("It leaves, and includes 150 sources of each of three groups");
        lab.ExpectStateChange(h1, ToInclude(Excluding), since: await h1.Leave(Excluding));
        foreach (var group in Groups)
            lab.ExpectStateChange(h1, Allow(group, Sources[..150]), since: await h1.Include(group, Sources[..150]));

        await lab.Step("Asked for everything, it answers in two reports: two records and one");
        asked = await querier.Query(lab.General());
        var records = Groups.Select(group => IsInclude(group, Sources[..150])).ToArray();
        lab.Expect(Report(records[0], records[1]).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-H-4.2.17-01");
        lab.Expect(Report(records[2]).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-H-4.2.17-01");
    }

    private static bool FitsIntoOnePacket(SeenFrame frame)
    {
        var packet = frame.Frame.Bytes.Span[PacketAt..];
        // More Fragments and the offset (RFC 791 §3.1).
        return ((packet[2] << 8) | packet[3]) <= Mtu && (((packet[6] << 8) | packet[7]) & 0x3FFF) == 0;
    }
}
