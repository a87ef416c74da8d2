using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>
/// What a host sends, byte by byte (RFC 9776 §4): everything that it says in each version, and what it says of groups that it has joined
/// of itself.
/// </summary>
internal static class SentMessageTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Fields.Select(each => Test("v3", each, All3, null)),
        .. Fields.Where(each => !each.OfReports).SelectMany(each => new[] { Test("v2", each, All2, 2), Test("v1", each, All1, 1) }),
        Test("v1", FirstVersion, All1, 1),
        .. Fields.Select(each => Test("own-groups", each, OfItself, null, listens: false)),
        new HostTest(
            "v3-sent-with-checksum-of-zero", ["V3-M-4.1.2-01"],
            "A report whose words sum up to all ones has a checksum of zero.",
            async lab =>
            {
                await lab.Start();
                await lab.Begun(lab.Device.Include(lab.G1, lab.S1), lab.G1);
                await lab.PassRepetitions();
                var report = lab.All(lab.Sent(), new Moment(default, "the start"))[^1];
                var source = Completing(WireMessage.Of(report).Body, lab.G2, lab.S1);

                await lab.Step($"The device includes {source}, which makes the sum of its report all ones");
                var include = await lab.Begun(lab.Device.Include(lab.G2, source), lab.G2);
                lab.ExpectAlways(
                    lab.SentAbout(lab.G2), "the checksum 0x0000",
                    frame => WireRules.ChecksumOfZero(WireMessage.Of(frame)));
                await lab.Pass(lab.SeriesTime());
            }),
        new HostTest(
            "v3-sent-with-record-types", ["V3-M-4.2.13-01"],
            "The record types have their numbers: 1 and 2 for the state, 3 and 4 for the mode, 5 and 6 for the sources.",
            async lab =>
            {
                await lab.Start();
                await Shows(lab, lab.Device.Include(lab.G1, lab.S1), 5);
                await Shows(lab, lab.Device.Include(lab.G1, lab.S2), 5, 6);
                await Shows(lab, lab.Querier.Query(lab.General()), 1);
                await Shows(lab, lab.Device.Exclude(lab.G1, lab.S3), 4);
                await Shows(lab, lab.Querier.Query(lab.General()), 2);
                await Shows(lab, lab.Device.Include(lab.G1, lab.S1), 3);
                await Shows(lab, lab.Device.Leave(lab.G1), 6);
            }),
    ];

    // RFC 1112, Appendix I.
    private static Field FirstVersion => new(
        "sent-as-eight-octets-to-the-group", "V3-X-App.I-01", "eight octets, the second one zero, and its group as destination",
        message => (message.Body.Length, message.At(1), message.Destination == message.Group) switch
        {
            (8, 0, true) => null,
            (8, 0, false) => $"the destination {message.Destination}",
            var (length, second, _) => string.Create(CultureInfo.InvariantCulture, $"{length} octets, the second one {second}"),
        });

    private static IEnumerable<Field> Fields =>
    [
        .. MessageFormats.OfAll.Select(Of),
        new("sent-from-its-own-address", "V3-H-4.2.14-01", "an address of the interface as its source", (lab, message) =>
            message.Source == lab.Plan.Device ? null : $"{message.Source}"),
        Of(MessageFormats.ReportDestination) with { OfReports = true },
        .. MessageFormats.OfReports.Select(each => Of(each) with { OfReports = true }),
    ];

    private static Field Of(MessageFormat format) =>
        new(format.Name, format.Requirement, format.What, (lab, message) => format.Wrong(message, lab.Dialect));

    private static HostTest Test(string prefix, Field field, Func<HostBench, Task> tell, int? version, bool listens = true) =>
        new(
            $"{prefix}-{field.Name}", [field.Id], $"{Subject(prefix, field.OfReports)} has {field.What}.",
            async lab =>
            {
                await tell(lab);
                var sent = field.OfReports
                    ? lab.Sent().Where("that is a report of version 3", frame => WireMessage.Of(frame).IsReport)
                    : lab.Sent();
                lab.ExpectAlways(sent, field.What, frame => field.Wrong(lab, WireMessage.Of(frame)));
            })
        {
            Version = version,
            Listens = listens,
        };

    private static string Subject(string prefix, bool ofReports) => prefix switch
    {
        "v3" => ofReports ? "Every report, of changes and in answer to queries," : "Everything that a host sends in version 3",
        "v2" => "Every report and leave of version 2",
        "v1" => "Every report of version 1",
        _ when ofReports => "Every report of groups that a host has joined of itself",
        _ => "Everything that a host answers to queries of all versions about groups that it has joined of itself",
    };

    /// <summary>Every type of record that there is, of changes and in answers.</summary>
    private static async Task All3(HostBench lab)
    {
        await lab.Start();
        await Tell(() => lab.Device.Include(lab.G1, lab.S1));
        await Tell(() => lab.Device.Exclude(lab.G1, lab.S3));
        await Tell(() => lab.Device.Include(lab.G2, lab.S1, lab.S2));
        await lab.Querier.Query(lab.General());
        await lab.Pass(lab.General().MaxResponseTime + lab.Tolerance);
        await Tell(() => lab.Device.Include(lab.G1, lab.S1));
        await Tell(() => lab.Device.Leave(lab.G1));
        SaysSomething(lab);

        // What the device refuses is not among what it sends.
        async Task Tell(Func<Task<Moment>> command)
        {
            await lab.Try(command);
            await lab.PassRepetitions();
        }
    }

    /// <summary>The reports of version 2, one of them in answer to a query, and a leave.</summary>
    private static async Task All2(HostBench lab)
    {
        await lab.Start();
        await lab.Device.Join(lab.Plan.Folded);
        await lab.Device.Join(lab.G1);
        await lab.Pass(lab.Tolerance);
        await Answers(lab, lab.OlderGeneral(Generation.Leaves));
        await lab.Device.Leave(lab.Plan.Folded);
        await lab.Pass(lab.Tolerance);
        SaysSomething(lab);
    }

    /// <summary>The reports of version 1, one of them in answer to a query.</summary>
    private static async Task All1(HostBench lab)
    {
        await lab.Start();
        await lab.Device.Join(lab.Plan.Folded);
        await lab.Device.Join(lab.G1);
        await lab.Pass(lab.Tolerance);
        await Answers(lab, lab.OlderGeneral(Generation.Reports));
        SaysSomething(lab);
    }

    /// <summary>Answers to queries of all versions, the current one first: each makes the device fall back to an older one.</summary>
    private static async Task OfItself(HostBench lab)
    {
        var group = (await lab.JoinsOfItself())[0].Group;
        await Answers(lab, lab.General());
        await Answers(lab, lab.Specific(group));
        await Answers(lab, lab.Specific(group, lab.S1));
        await Answers(lab, lab.OlderGeneral(Generation.Leaves));
        await Answers(lab, lab.OlderGeneral(Generation.Reports));
    }

    // Whether it answers is left to other tests.
    private static async Task Answers(HostBench lab, QueryContent query)
    {
        var asked = await lab.Querier.Query(query);
        await lab.Seen(lab.Sent(), asked, query.MaxResponseTime);
    }

    private static void SaysSomething(HostBench lab)
    {
        if (lab.All(lab.Sent(), new Moment(default, "the start")).Count == 0)
            throw Bench.CannotBegin("The device says nothing");
    }

    /// <summary>Expects just these types of records after a command.</summary>
    private static async Task Shows(HostBench lab, Task<Moment> command, params int[] types)
    {
        var moment = await command;
        var within = lab.ResponseTime > lab.Timing.UnsolicitedReportInterval
            ? lab.ResponseTime
            : lab.Timing.UnsolicitedReportInterval;
        await lab.Seen(lab.Sent(), moment, within);
        var wanted = string.Join(" and ", types);
        lab.ExpectTogether(lab.Sent(), moment, within, $"has records of type {wanted}", frames =>
        {
            var seen = frames.SelectMany(each => WireRecord.Of(WireMessage.Of(each), out _)).Select(each => each.Type).ToHashSet();
            return seen.SetEquals(types) ? null : $"types seen: {string.Join(" and ", seen.Order())}";
        });
        await lab.PassRepetitions();
        await lab.Step("The device is given another command");
    }

    /// <summary>
    /// The source that makes the words of a report of it sum up to all ones, given the same report of another source and group.
    /// </summary>
    private static Address Completing(ReadOnlySpan<byte> report, Address group, Address source)
    {
        const int ChecksumAt = 2, GroupAt = 12, SourceAt = 16;
        var bytes = report.ToArray();
        if (bytes.Length != SourceAt + 4)
            throw Bench.CannotBegin("The device does not report a source that is included in a report of its own");
        var upper = source.V4Bits & 0xFFFF_0000;
        bytes.AsSpan(ChecksumAt, 2).Clear();
        group.Write(bytes.AsSpan(GroupAt), 4);
        Address.FromV4(upper).Write(bytes.AsSpan(SourceAt), 4);
        return Address.FromV4(upper | (uint)(WireRules.AllOnes - WireMessage.Sum(bytes)));
    }

    /// <summary>Something about every message.</summary>
    /// <param name="Name">What tests of it are called.</param>
    /// <param name="Id">The requirement.</param>
    /// <param name="What">What is right, as a clause.</param>
    /// <param name="Wrong">What a message has instead; null when it is right.</param>
    private sealed record Field(string Name, string Id, string What, Func<HostBench, WireMessage, string?> Wrong)
    {
        public Field(string name, string id, string what, Func<WireMessage, string?> wrong)
            : this(name, id, what, (_, message) => wrong(message))
        {
        }

        /// <summary>Whether only reports of version 3 have it.</summary>
        public bool OfReports { get; init; }
    }
}
