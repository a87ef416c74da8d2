using MulticastLab.Conformance.Tests.Routers;
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

    private static List<ConformanceTest> Make() =>
    [
        .. ((IEnumerable<ConformanceTest>[])
            [
                ElectionTests.All,
                LeaveTests.All,
                StateTableTests.All,
            ])
            .SelectMany(each => each)
            .OrderBy(each => each.Name, StringComparer.Ordinal),
    ];
}
