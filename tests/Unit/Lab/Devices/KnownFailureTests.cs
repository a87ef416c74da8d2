using FluentAssertions;
using MulticastLab.Conformance;
using MulticastLab.Lab.Devices;
using Xunit;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>The <c>known.yaml</c> of a device under test: why it fails conformance tests.</summary>
public sealed class KnownFailureTests
{
    [Fact]
    public void Each_test_that_an_entry_names_has_its_reason()
    {
        using var folder = new DeviceFolder(DeviceFolder.Least, """
            - tests: [one-test, another-test]
              why: It does not look at the destination.
            - tests: [third-test]
              why: >-
                It has no such
                timer.
            """);

        folder.Read().Known.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["one-test"] = "It does not look at the destination.",
            ["another-test"] = "It does not look at the destination.",
            ["third-test"] = "It has no such timer.",
        });
    }

    [Theory]
    [InlineData("tests: [a]", "1:1: a list of entries with tests, why is needed")]
    [InlineData("- tests: [a]", "1:3: 'why' is missing")]
    [InlineData("- why: So.", "1:3: 'tests' is missing")]
    [InlineData("- { tests: [a, a], why: So. }", "1:16: 'a' is there twice")]
    [InlineData("- { test: [a], tests: [b], why: So. }", "1:5: there is no 'test' here; did you mean tests?")]
    public void What_is_wrong_is_named(string known, string error)
    {
        using var folder = new DeviceFolder(DeviceFolder.Least, known);

        folder.Errors().Should().Equal(error);
    }

    [Fact]
    public void A_device_without_the_file_is_not_known_to_fail()
    {
        using var folder = new DeviceFolder(DeviceFolder.Least);

        folder.Read().Known.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(DeviceReaderTests.Shipped), MemberType = typeof(DeviceReaderTests))]
    public void What_a_shipped_device_is_known_to_fail_is_a_test_of_its_role(string name)
    {
        var device = DeviceReader.Read(Path.Combine(Repository.Root, "lab", "devices", name));

        device.Known.Keys.Should().BeSubsetOf(TestCatalog.For(device.Role).Select(each => each.Name));
    }
}
