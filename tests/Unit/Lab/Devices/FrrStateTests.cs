using System.Diagnostics;
using System.Globalization;
using FluentAssertions;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>
/// FRR's own JSON as a state dump: what its vtysh has said (version 8.4.4, one interface, four groups) goes through the device's converter,
/// which needs the machine's awk only.
/// </summary>
public sealed class FrrStateTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "lab", "devices", "frr");
    private static readonly string Said = File.ReadAllText(Path.Combine(Repository.Root, "tests/Unit/Lab/Devices/Frr/vtysh-8.4.4.txt"));

    [Fact]
    public void What_vtysh_says_becomes_a_state_dump()
    {
        var state = DeviceDump.Read(Convert(Said));

        var eth0 = state.On("eth0");
        (eth0.Name, eth0.Up, eth0.Version, eth0.Address, eth0.Querier, eth0.IsQuerier).Should()
            .Be(("eth0", true, 3, Address.Parse("10.0.0.1"), Address.Parse("10.0.0.1"), true));
        // What it was set to. It tells a Last Member Query Time of 2 s for two queries.
        eth0.Timing.Should().Be(new Timing
        {
            RobustnessVariable = 2, QueryInterval = TimeSpan.FromSeconds(5), QueryResponseInterval = TimeSpan.FromSeconds(1),
            LastMemberQueryInterval = TimeSpan.FromSeconds(1), StartupQueryInterval = TimeSpan.FromSeconds(1),
        });
        (eth0.GeneralQueryExpires, eth0.OtherQuerierPresentExpires).Should().Be((TimeSpan.FromSeconds(3.5), null));
        eth0.Groups.Select(each => each.Group.ToString()).Should().Equal("232.1.1.3", "239.1.1.1", "239.1.1.2", "239.1.1.3");
        state.Group(Address.Parse("239.1.1.1")).IsExclude().Should().BeTrue();
        state.Group(Address.Parse("239.1.1.2")).IsExclude(blocked: [Address.Parse("192.0.2.9")]).Should().BeTrue();
        state.Group(Address.Parse("239.1.1.3")).IsInclude(Address.Parse("192.0.2.1"), Address.Parse("192.0.2.2")).Should().BeTrue();
        state.Group(Address.Parse("239.1.1.3")).TimerOf(Address.Parse("192.0.2.1")).Should().Be(TimeSpan.FromSeconds(10.5));
        (state.Group(Address.Parse("239.1.1.1"))!.Expires, state.Group(Address.Parse("239.1.1.1"))!.UpTime)
            .Should()
            .Be((TimeSpan.FromSeconds(10.5), TimeSpan.FromSeconds(4)));
        (state.Statistics.Received["report"], state.Statistics.Sent["query"]).Should().Be((12, 3));
    }

    [Fact]
    public void A_router_that_has_lost_the_election_knows_the_other_and_when_it_would_take_over()
    {
        var said = Said.Replace("\"querier\":\"local\"", "\"querier\":\"other\"", StringComparison.Ordinal)
            .Replace("\"querierIp\":\"10.0.0.1\"", "\"querierIp\":\"10.0.0.9\"", StringComparison.Ordinal)
            .Replace("\"queryOtherTimer\":\"--:--:--\"", "\"queryOtherTimer\":\"01:02:03\"", StringComparison.Ordinal);

        var eth0 = DeviceDump.Read(Convert(said)).On("eth0");

        (eth0.IsQuerier, eth0.Querier, eth0.OtherQuerierPresentExpires, eth0.GeneralQueryExpires).Should()
            .Be((false, Address.Parse("10.0.0.9"), new TimeSpan(0, 1, 2, 3, 500), null));
    }

    [Theory]
    [InlineData("\"uptime\":\"1d02h03m\"", 26 * 60 + 3)]
    [InlineData("\"uptime\":\"2w3d04h\"", ((17 * 24) + 4) * 60)]
    public void A_long_time_is_read_in_FRRs_words(string uptime, int minutes)
    {
        var said = Said.Replace("\"uptime\":\"00:00:04\"", uptime, StringComparison.Ordinal);

        DeviceDump.Read(Convert(said)).Group(Address.Parse("239.1.1.1"))!.UpTime.Should().Be(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public void Of_a_group_of_version_2_it_tells_no_mode_which_is_EXCLUDE()
    {
        var said = Said.Replace("        \"mode\":\"EXCLUDE\",\n", "", StringComparison.Ordinal)
            .Replace("        \"version\":3,\n", "        \"version\":2,\n", StringComparison.Ordinal);

        var group = DeviceDump.Read(Convert(said)).Group(Address.Parse("239.1.1.1"))!;

        (group.Mode, group.CompatibilityMode).Should().Be((FilterMode.Exclude, 2));
    }

    [Fact]
    public void Without_IGMP_there_is_no_interface_and_half_an_answer_is_an_error()
    {
        DeviceDump.Read(Convert("{\n}\n{\n  \"totalGroups\":0,\n  \"watermarkLimit\":0\n}\n{\n}\n{\n}\n")).Interfaces.Should().BeEmpty();

        var half = () => Convert(Said[..(Said.Length / 2)]);
        half.Should().Throw<InvalidOperationException>().WithMessage("awk has ended with code 1*");
    }

    private static string Convert(string said)
    {
        var start = new ProcessStartInfo("awk", ["-f", Path.Combine(Folder, "state.awk")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var awk = Process.Start(start)!;
        awk.StandardInput.Write(said);
        awk.StandardInput.Close();
        var converted = awk.StandardOutput.ReadToEnd();
        awk.WaitForExit();
        return awk.ExitCode == 0
            ? converted
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"awk has ended with code {awk.ExitCode}"));
    }
}
