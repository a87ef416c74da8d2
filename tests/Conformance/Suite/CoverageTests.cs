using FluentAssertions;
using MulticastLab.Conformance.Requirements;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Requirements;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Every requirement that binds a device of a role has a test of that role, or a reason why it cannot be seen from outside.
/// </summary>
public sealed class CoverageTests
{
    /// <summary>The roles of the requirements that bind a device of each role.</summary>
    public static TheoryData<DeviceRole, string> Roles => new()
    {
        { DeviceRole.Router, "M R X S" },
        { DeviceRole.Host, "H M X S" },
        { DeviceRole.Switch, "N" },
    };

    [Theory]
    [MemberData(nameof(Roles))]
    public void Every_requirement_is_tested_or_has_a_reason(DeviceRole role, string requirementRoles)
    {
        var unseen = Unseen.For(role);
        var tested = TestCatalog.For(role).SelectMany(each => each.Requirements).Select(each => each.Id).ToHashSet();
        var binding = RequirementCatalog.All.Where(each => requirementRoles.Contains(each.Role, StringComparison.Ordinal)).ToList();

        string.Join(' ', binding.Select(each => each.Id).Except(tested).Except(unseen.Keys))
            .Should().BeEmpty("each has a test or a reason");
        string.Join(' ', unseen.Keys.Intersect(tested)).Should().BeEmpty("what has a test needs no reason");
        unseen.Keys.Should().BeSubsetOf(binding.Select(each => each.Id));
    }

    [Fact]
    public void A_test_only_observes_or_binds() =>
        TestCatalog.All
            .Where(test => !test.Observes && test.Requirements.Any(each => each.Level == "MAY" || each.Priority == 3))
            .Select(test => test.Name)
            .Should().BeEmpty("no device fails on what is left to it");

    [Fact]
    public void Names_are_unique_and_plain()
    {
        TestCatalog.All.Select(each => each.Name).Should().OnlyHaveUniqueItems()
            .And.AllSatisfy(name => name.Should().MatchRegex("^[a-z0-9]+(-[a-z0-9]+)*$"));
        TestCatalog.All.Select(each => each.Purpose).Should().AllSatisfy(purpose => purpose.Should().EndWith("."));
    }
}
