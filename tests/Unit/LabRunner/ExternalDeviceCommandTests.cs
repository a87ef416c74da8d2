using FluentAssertions;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary><c>labrunner conformance --device external</c>, as far as it comes before anything is sent.</summary>
public sealed class ExternalDeviceCommandTests
{
    [Theory]
    [InlineData("--device external needs --interface", "--address", "10.0.0.9")]
    [InlineData("--upstream and --upstream-address go together", "--interface", "lo", "--upstream", "lo")]
    [InlineData("'10.0.0' is not an address", "--interface", "lo", "--address", "10.0.0")]
    [InlineData("'fe80::1' is not an address", "--interface", "lo", "--address", "fe80::1")]
    [InlineData("there is no timer 'QUERY_INTERVALL'", "--interface", "lo", "--timer", "QUERY_INTERVALL=10")]
    [InlineData("'QUERY_INTERVAL=soon' is no value", "--interface", "lo", "--timer", "QUERY_INTERVAL=soon")]
    [InlineData("'ROBUSTNESS_VARIABLE=1.5' is no value", "--interface", "lo", "--timer", "ROBUSTNESS_VARIABLE=1.5")]
    [InlineData("needs no --engine", "--interface", "lo", "--engine", "simulated")]
    [InlineData("one test after the other", "--interface", "lo", "--jobs", "2")]
    [InlineData("10.0.0.250/24 leaves no room", "--interface", "lo", "--address", "10.0.0.250", "--yes")]
    [InlineData("192.0.2.1/25 leaves no room for the sources", "--interface", "lo", "--address", "10.0.0.9", "--upstream", "lo",
        "--upstream-address", "192.0.2.1/25", "--yes")]
    public async Task What_is_wrong_is_said_before_anything_is_sent(string message, params string[] options)
    {
        var ended = await Labrunner.Run(["conformance", "--device", "external", .. options]);

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain(message);
    }

    [Fact]
    public async Task Nothing_is_sent_without_a_yes()
    {
        var ended = await Labrunner.Run("conformance", "--device", "external", "--interface", "lo", "--address", "10.0.0.9");

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("lo").And.Contain("from addresses of 10.0.0.0/24").And.Contain("--yes");
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_no_environment()
    {
        var ended = await Labrunner.Run("conformance", "--device", "external", "--interface", "nowhere0", "--address", "10.0.0.9", "--yes");

        ended.Code.Should().Be(4);
        ended.Error.Should().Contain("no interface nowhere0").And.Contain("ip link");
    }

    [Fact]
    public async Task Options_of_a_wire_are_refused_for_a_device_of_a_lab()
    {
        var ended = await Labrunner.Run("conformance", "--device", "frr", "--interface", "lo");

        ended.Code.Should().Be(2);
        ended.Error.Should().Contain("--interface").And.Contain("'frr' is started in a lab").And.Contain("--device external");
    }
}
