using MulticastLab.Robustness.Wire;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A slice of what <c>wire --frames 1000000</c> and <c>flood --groups 1000000</c> do.</summary>
public sealed class WireTests
{
    private const int Frames = 20_000;

    [Fact]
    public async Task Twenty_thousand_fuzzed_frames_leave_the_router_joining_leaving_and_electing() =>
        TestContext.Current.SendDiagnosticMessage(await WireFuzz.Run(Frames, seed: 1));

    [Fact]
    public async Task A_flood_of_groups_stops_at_the_limit_and_costs_no_member_its_own() =>
        TestContext.Current.SendDiagnosticMessage(await Flood.Run(Flood.MaxGroups + 20_000, times: 1));
}
