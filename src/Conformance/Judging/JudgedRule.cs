using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Requirements;

namespace MulticastLab.Conformance.Judging;

/// <summary>What <see cref="CaptureJudge"/> judges devices by, as it is listed and explained.</summary>
/// <param name="Name">Its name, that of a test where one shows the same.</param>
/// <param name="Roles">The roles of the devices that it is about.</param>
/// <param name="Requirements">The requirements that it shows.</param>
/// <param name="Purpose">What it shows, in one sentence.</param>
public sealed record JudgedRule(
    string Name, IReadOnlyList<DeviceRole> Roles, IReadOnlyList<Requirement> Requirements, string Purpose)
{
    /// <summary>All rules, those of routers first.</summary>
    public static IReadOnlyList<JudgedRule> All { get; } =
    [
        .. new[] { DeviceRole.Router, DeviceRole.Host, DeviceRole.Switch }
            .SelectMany(RuleCatalog.For, (role, rule) => (role, rule))
            .GroupBy(each => each.rule.Name)
            .Select(same => Of(same.First().rule, [.. same.Select(each => each.role)])),
    ];

    /// <summary>The strictest level of its requirements.</summary>
    public string Level => Requirements.StrictestLevel();

    /// <summary>The sections that it is about.</summary>
    public IReadOnlyList<string> Sections => Requirements.Sections();

    /// <summary>The roles in words: <c>router, host</c>.</summary>
    public string RolesInWords => string.Join(", ", Roles.Select(each => each.ToString().ToLowerInvariant()));

    private static JudgedRule Of(CaptureRule rule, IReadOnlyList<DeviceRole> roles) =>
        new(rule.Name, roles, rule.Requirements, rule.Purpose);
}
