using System.Reflection;
using FluentAssertions;
using MulticastLab.Lab.Requirements;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance;

/// <summary>The requirements that tests of this program say they show; what its scenarios show is in the catalogue of scenarios.</summary>
public sealed class ShownRequirementsTests
{
    [Fact]
    public void Tests_name_only_requirements_that_there_are()
    {
        var named = typeof(ShownRequirementsTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttribute<ShowsAttribute>()?.Requirements ?? []).Distinct().ToList();

        named.Should().NotBeEmpty().And.BeSubsetOf(RequirementCatalog.All.Select(each => each.Id));
    }
}
