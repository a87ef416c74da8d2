using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance;

/// <summary>All conformance tests.</summary>
public static class TestCatalog
{
    private static readonly Lazy<IReadOnlyList<ConformanceTest>> Made = new(Make);

    /// <summary>The tests, by name.</summary>
    public static IReadOnlyList<ConformanceTest> All => Made.Value;

    /// <summary>The tests of devices of a role; a proxy is a router to its members.</summary>
    public static IReadOnlyList<ConformanceTest> For(DeviceRole role)
    {
        var tested = role == DeviceRole.Proxy ? DeviceRole.Router : role;
        return [.. All.Where(each => each.Role == tested)];
    }

    /// <summary>The test of this name; null when there is none.</summary>
    public static ConformanceTest? Find(string name) => All.FirstOrDefault(each => each.Name == name);

    private static List<ConformanceTest> Make()
    {
        IEnumerable<ConformanceTest>[] ofRouters =
        [
            Tests.Routers.AdoptionTests.All,
            Tests.Routers.AnswerTests.All,
            Tests.Routers.ElectionTests.All,
            Tests.Routers.ForwardingTests.All,
            Tests.Routers.GroupStateTests.All,
            Tests.Routers.GroupTimerTests.All,
            Tests.Routers.LeaveTests.All,
            Tests.Routers.NonQuerierTests.All,
            Tests.Routers.OlderHostTests.All,
            Tests.Routers.OlderRouterTests.All,
            Tests.Routers.OriginTests.All,
            Tests.Routers.PacketPolicyTests.All,
            Tests.Routers.QueryReceptionTests.All,
            Tests.Routers.ReceivedQueryTests.All,
            Tests.Routers.RecordTests.All,
            Tests.Routers.ReportReceptionTests.All,
            Tests.Routers.RouterMemberTests.All,
            Tests.Routers.SentCodeTests.All,
            Tests.Routers.SentPacketTests.All,
            Tests.Routers.SentQueryTests.All,
            Tests.Routers.SourceSpecificTests.All,
            Tests.Routers.SpecificQueryTests.All,
            Tests.Routers.StartTests.All,
            Tests.Routers.StateTableTests.All,
        ];
        IEnumerable<ConformanceTest>[] ofHosts =
        [
            Tests.Hosts.AnswerDelayTests.All,
            Tests.Hosts.AnswerTests.All,
            Tests.Hosts.HostScopeTests.All,
            Tests.Hosts.IgnoredMessageTests.All,
            Tests.Hosts.OlderQuerierTests.All,
            Tests.Hosts.OlderVersionTests.All,
            Tests.Hosts.OwnGroupTests.All,
            Tests.Hosts.PendingAnswerTests.All,
            Tests.Hosts.QueryReceptionTests.All,
            Tests.Hosts.RepetitionTests.All,
            Tests.Hosts.ReportSizeTests.All,
            Tests.Hosts.SentMessageTests.All,
            Tests.Hosts.SocketTests.All,
            Tests.Hosts.SourceSpecificHostTests.All,
            Tests.Hosts.StateChangeTests.All,
        ];
        IEnumerable<ConformanceTest>[] ofSwitches =
        [
            Tests.Switches.DataTests.All,
            Tests.Switches.LeaveTests.All,
            Tests.Switches.QueryTests.All,
            Tests.Switches.ReportTests.All,
            Tests.Switches.RouterPortTests.All,
            Tests.Switches.UnreadMessageTests.All,
        ];
        return
        [
            .. ofRouters.Concat(ofHosts).Concat(ofSwitches).SelectMany(each => each).OrderBy(each => each.Name, StringComparer.Ordinal),
        ];
    }
}
