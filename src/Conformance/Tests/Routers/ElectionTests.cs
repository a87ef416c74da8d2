using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The election of the querier (RFC 9776 §6.6.2).</summary>
internal static class ElectionTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "lower-address-wins", ["V3-R-6.6.2-01", "V3-R-6.6.2-05"],
            "A router stops its General Queries as soon as it hears one from a lower address.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Pass(lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount);

                await lab.Step("A router with a lower address queries");
                var query = await lab.Low.Query(lab.General);
                lab.ExpectNone(AnyGeneralQuery().From(lab.Device).On(RouterLan), since: query);
                await lab.ExpectQuerier(lab.Low.Address);
                await lab.Pass(lab.Timing.OtherQuerierPresentInterval - lab.Timing.QueryInterval / 2);
            }),
        new RouterTest(
            "higher-address-loses", ["V3-R-6.6.2-02", "V3-R-6.6.2-03"],
            "Queries of routers with higher addresses change neither the role nor the schedule of the querier, however the addresses are "
                + "written or stored.",
            async lab =>
            {
                var start = await lab.StartQuerier();
                lab.ExpectGeneralQueries(lab.Device, RouterLan, since: start);
                await lab.Pass(lab.Timing.StartupQueryInterval * lab.Timing.StartupQueryCount);

                await lab.Step("Routers with higher addresses query");
                await lab.High.Query(lab.General);
                await lab.Higher.Query(lab.General);
                await lab.ExpectQuerier(lab.Plan.Device);
                await lab.Pass(lab.Timing.QueryInterval * 3);
            }),
        new RouterTest(
            "silent-querier-is-replaced", ["V3-R-6.6.2-07", "V3-R-8.5-01"],
            "A router takes over as querier at the Other Querier Present Interval after the last General Query of the other.",
            async lab =>
            {
                await lab.StartQuerier();
                var last = await lab.Low.Query(lab.General);
                lab.ExpectTakeOver(lab.Device, RouterLan, after: lab.Timing.OtherQuerierPresentInterval, since: last);
                await lab.Pass(lab.Timing.OtherQuerierPresentInterval + lab.Timing.QueryInterval * 2);
            }),
    ];

    private static string RouterLan => Benches.Bench.Lan;
}
