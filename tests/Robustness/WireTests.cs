using MulticastLab.Robustness.Wire;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A slice of what <c>wire --frames 1000000</c> does.</summary>
public sealed class WireTests
{
    private const int Frames = 20_000;

    [Fact]
    public async Task Twenty_thousand_fuzzed_frames_leave_the_router_joining_leaving_and_electing() =>
        TestContext.Current.SendDiagnosticMessage(await WireFuzz.Run(Frames, seed: 1));
}
