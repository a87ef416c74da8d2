using FluentAssertions;
using Microsoft.Extensions.Time.Testing;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Running;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary>What <c>run</c> says while it plays.</summary>
public sealed class RunProgressTests
{
    [Fact]
    public void A_step_is_told_with_the_time_since_the_run_began()
    {
        var time = new FakeTimeProvider();
        using var output = new StringWriter();
        var progress = new RunProgress(Terminal.OfText(output, TextWriter.Null), time);

        progress.Began(new RunStep(1, "The router starts", Instant.Epoch));
        time.Advance(TimeSpan.FromMilliseconds(12_340));
        progress.Began(new RunStep(2, "Nobody [yet] joins", Instant.Epoch));

        output.ToString().ReplaceLineEndings("\n").Should().Be("   0.00 s  1. The router starts\n  12.34 s  2. Nobody [yet] joins\n");
    }
}
