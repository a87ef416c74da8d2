using System.Xml.Linq;
using FluentAssertions;
using Xunit;

namespace MulticastLab.Tests;

/// <summary>Imports run one way: Packets ← Membership ← Forwarding ← {Router, HostAgent, Lab} ← LabRunner; what is pure never sees Linux or Daemon.</summary>
public sealed class HouseTests
{
    public static TheoryData<string, string[]> AllowedImports => new()
    {
        { "Packets", [] },
        { "Membership", ["Packets"] },
        { "Forwarding", ["Packets", "Membership"] },
        { "Linux", ["Packets"] },
        { "Daemon", ["Packets", "Membership", "Linux"] },
        { "Router", ["Packets", "Membership", "Forwarding", "Linux", "Daemon"] },
        { "HostAgent", ["Packets", "Membership", "Linux", "Daemon"] },
        { "Lab", ["Packets", "Membership", "Forwarding", "Linux", "Daemon"] },
        { "LabRunner", ["Lab", "Daemon", "Router", "HostAgent"] },
    };

    [Theory]
    [MemberData(nameof(AllowedImports))]
    public void A_room_imports_only_what_lies_below_it(string room, string[] allowed)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj"));

        var imports = project.Descendants("ProjectReference").Select(each => Path.GetFileNameWithoutExtension(each.Attribute("Include")!.Value));

        imports.Should().BeSubsetOf(allowed);
    }

    [Fact]
    public void Every_room_has_its_rule() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName)
            .Should().BeEquivalentTo(AllowedImports.Select(row => row.Data.Item1));
}
