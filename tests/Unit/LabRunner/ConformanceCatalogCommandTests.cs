using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Judging;
using MulticastLab.Lab.Devices;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary><c>labrunner conformance list</c> and <c>explain</c>.</summary>
public sealed class ConformanceCatalogCommandTests
{
    [Fact]
    public async Task The_tests_are_listed_and_so_are_the_rules_of_judge()
    {
        (await Names("conformance", "list", "--json")).Should().Equal(TestCatalog.All.Select(each => each.Name));
        (await Names("conformance", "list", "--rules", "--json")).Should().Equal(JudgedRule.All.Select(each => each.Name));
    }

    [Fact]
    public void Each_rule_is_listed_once_with_all_roles_that_it_is_about()
    {
        JudgedRule.All.Select(each => each.Name).Should().OnlyHaveUniqueItems();
        foreach (var role in (DeviceRole[])[DeviceRole.Router, DeviceRole.Host, DeviceRole.Switch])
            JudgedRule.All.Where(each => each.Roles.Contains(role)).Select(each => each.Name)
                .Should().BeEquivalentTo(RuleCatalog.For(role).Select(each => each.Name));
    }

    [Fact]
    public async Task A_requirement_is_explained_with_its_tests_and_scenarios_and_how_known_devices_do()
    {
        var ended = await Labrunner.Run("conformance", "explain", "V3-R-6.4.2-05");

        ended.Code.Should().Be(0);
        ended.Out.Should().Contain("RFC 9776 §6.4.2").And.Contain("block-asked-3-times: ").And.Contain("leave-with-gsq: ")
            .And.Contain("linux-bridge fails ").And.Contain("__grp_src_query_marked_and_rexmit");
    }

    [Fact]
    public async Task A_device_without_a_known_failure_is_said_to_have_none()
    {
        var ended = await Labrunner.Run("conformance", "explain", "starts-as-querier");

        ended.Out.Should().Contain("a test of a router").And.Contain("V3-R-3-01").And.Contain("linux-bridge: no failure is known")
            .And.NotContain("linux-host");
    }

    [Fact]
    public async Task A_rule_is_explained_and_a_misspelt_one_is_told_the_right_name()
    {
        var rule = JudgedRule.All.First(each => TestCatalog.Find(each.Name) is null);

        var ended = await Labrunner.Run("conformance", "explain", rule.Name);
        var misspelt = await Labrunner.Run("conformance", "explain", rule.Name + "x");

        var requirement = await Labrunner.Run("conformance", "explain", rule.Requirements[0].Id);
        ended.Out.Should().Contain("a rule of judge").And.Contain(rule.Requirements[0].Id);
        requirement.Out.Should().Contain("rules of judge").And.Contain($"{rule.Name}: ");
        misspelt.Code.Should().Be(2);
        misspelt.Error.Should().Contain($"did you mean '{rule.Name}'?");
    }

    private static async Task<IEnumerable<string>> Names(params string[] arguments)
    {
        var ended = await Labrunner.Run(arguments);
        ended.Code.Should().Be(0, ended.Error);
        return JsonNode.Parse(ended.Out)!.AsArray().Select(each => (string)each!["name"]!);
    }
}
