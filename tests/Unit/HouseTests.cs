using System.Reflection;
using System.Xml.Linq;
using FluentAssertions;
using MulticastLab.Packets.Captures;
using NetArchTest.Rules;
using Xunit;

namespace MulticastLab.Tests;

/// <summary>
/// Imports run one way: Packets ← Membership ← Forwarding ← {Router, HostAgent, Lab} ← {Conformance,
/// NaiveDevices} ← LabRunner; what is pure never sees Linux or Daemon.
/// And what else holds for all types.
/// </summary>
public sealed class HouseTests
{
    public static TheoryData<string, string[]> AllowedImports => new()
    {
        { "Packets", [] },
        { "Membership", ["Packets"] },
        { "Forwarding", ["Packets", "Membership"] },
        { "Linux", ["Packets"] },
        { "Daemon", ["Packets", "Membership", "Forwarding", "Linux"] },
        { "Router", ["Packets", "Membership", "Forwarding", "Linux", "Daemon"] },
        { "HostAgent", ["Packets", "Membership", "Linux", "Daemon"] },
        { "Lab", ["Packets", "Membership", "Forwarding", "Linux", "Daemon"] },
        { "Conformance", ["Packets", "Membership", "Daemon", "Lab"] },
        { "NaiveDevices", ["Packets", "Membership", "Linux", "Daemon", "Lab"] },
        { "LabRunner", ["Packets", "Membership", "Lab", "Conformance", "Daemon", "Router", "HostAgent", "NaiveDevices"] },
    };

    public static TheoryData<string> Rooms => [.. AllowedImports.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(AllowedImports))]
    public void A_room_imports_only_what_lies_below_it(string room, string[] allowed)
    {
        var project = XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj"));

        var imports = project
            .Descendants("ProjectReference")
            .Select(each => Path.GetFileNameWithoutExtension(each.Attribute("Include")!.Value));

        imports.Should().BeSubsetOf(allowed);
    }

    [Fact]
    public void Every_room_has_its_rule() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName)
            .Should().BeEquivalentTo(AllowedImports.Select(row => row.Data.Item1));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_rooms_types_use_only_what_lies_below_it(string room)
    {
        // Not what those in turn use: a reference to a project brings along all that it refers to.
        var below = AllowedImports.Single(row => row.Data.Item1 == room).Data.Item2;
        var others = Rooms
            .Select(row => row.Data)
            .Where(each => each != room && !below.Contains(each))
            .Select(each => $"MulticastLab.{each}")
            .ToArray();

        Broken(Types.InAssembly(Load(room)).ShouldNot().HaveDependencyOnAny(others)).Should().BeEmpty();
    }

    /// <summary>
    /// No sockets, threads, processes, consoles, files or clocks. A capture can be opened by its path; all else is handed in as a stream.
    /// System.Threading, what the compiler makes of an event may be used: Interlocked.)
    /// </summary>
    [Theory]
    [InlineData("Packets")]
    [InlineData("Membership")]
    [InlineData("Forwarding")]
    public void The_cores_do_no_IO(string room) =>
        Broken(Types.InAssembly(Load(room)).That().DoNotHaveName(nameof(CaptureReader)).ShouldNot().HaveDependencyOnAny(
            "System.Net.Sockets", "System.Threading.Thread", "System.Threading.Tasks", "System.Threading.Timer", "System.Threading.Lock",
            "System.Threading.Monitor", "System.Threading.Channels", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
            "System.Console", "System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.TimeProvider")).Should().BeEmpty();

    /// <summary>
    /// A protocol's codec is known to its dialect, and to the decoder of captures; everybody else asks the dialect. Names of errors are no
    /// codec.
    /// </summary>
    [Theory]
    [InlineData("Igmp")]
    [InlineData("Mld")]
    public void A_protocols_codec_is_known_to_its_dialect_alone(string protocol)
    {
        var codec = $"MulticastLab.Packets.{protocol}";
        foreach (var room in Rooms.Select(row => row.Data))
        {
            Broken(
                    Types
                        .InAssembly(Load(room))
                        .That()
                        .DoNotResideInNamespace(codec)
                        .And()
                        .DoNotResideInNamespace("MulticastLab.Packets.Decoding")
                        .And()
                        .DoNotHaveName($"{protocol}Dialect")
                        .ShouldNot()
                        .HaveDependencyOnAny(codec))
                .Should()
                .BeEmpty("of {0}", room);
        }
    }

    /// <summary>Which carrier it is that messages come in, only a dialect knows.</summary>
    [Fact]
    public void The_cores_know_no_IP_header() =>
        Broken(
                Types
                    .InAssembly(Load("Membership"))
                    .That()
                    .DoNotResideInNamespace("MulticastLab.Membership.Dialects")
                    .ShouldNot()
                    .HaveDependencyOnAny("MulticastLab.Packets.Ip"))
            .Should()
            .BeEmpty();

    /// <summary>
    /// Where IGMP is chosen: in the options of the programs and of the lab, which a program of MLD or of both will set, where a setting of
    /// IGMP says what its default is. Everything else takes the dialect that it is given.
    /// </summary>
    [Fact]
    public void IGMP_is_chosen_in_few_places()
    {
        var source = Path.Combine(Repository.Root, "src");
        var choosing = Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("Dialect.Igmp", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(source, file));

        choosing.Should().BeEquivalentTo(
            "Daemon/Configuration/RouterOptions.cs", "Router/Shell/Watching.cs", "HostAgent/ListenRules.cs", "Lab/Engines/LabOptions.cs",
            "Daemon/Settings/HostAgentSettings.cs", "Daemon/Settings/RouterInterfaceSettings.cs");
    }

    /// <summary>What nobody derives from is sealed: a call of its members then needs no look at what it is.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_class_is_sealed_unless_another_derives_from_it(string room)
    {
        var derivedFrom = Rooms.SelectMany(row => Load(row.Data).GetTypes()).Select(type => type.BaseType)
            .Select(type => type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type).ToHashSet();

        Load(room).GetTypes().Where(type => type is { IsClass: true, IsSealed: false } && !derivedFrom.Contains(type)).Should().BeEmpty();
    }

    // The programs' assemblies are called as the programs are.
    private static Assembly Load(string room) =>
        Assembly.Load(
            room switch
            {
                "Router" or "HostAgent" or "LabRunner" => room.ToLowerInvariant(),
                "NaiveDevices" => "naive",
                _ => room,
            });

    private static IEnumerable<string> Broken(ConditionList rule) => rule.GetResult().FailingTypes?.Select(type => type.FullName) ?? [];
}
