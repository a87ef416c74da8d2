using FluentAssertions;
using MulticastLab.Daemon;
using Xunit;

namespace MulticastLab.Tests.Daemon;

/// <summary>Scripts rely on the numbers (DESIGN §4): they never change.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public void The_numbers_are_those_of_the_contract() =>
        Enum.GetValues<ExitCode>()
            .Select(each => (each.ToString(), (int)each))
            .Should()
            .Equal(
                ("Ok", 0), ("Failed", 1), ("Usage", 2), ("Invalid", 3), ("Environment", 4), ("SetUpFailed", 5), ("DeviceDied", 6),
                ("Interrupted", 130));
}
