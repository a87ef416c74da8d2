using System.Text.RegularExpressions;
using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance.Running;

/// <summary>Whether a test applies to a device, by what the device's folder says.</summary>
internal static class Applicability
{
    private const string VersionTimer = "VERSION";

    /// <summary>Why a test does not apply to a device; null when it does.</summary>
    internal static string? Lacking(ConformanceTest test, Device device)
    {
        if (test.Options.FirstOrDefault(each => !device.Options.Contains(each)) is { } option)
            return $"The device has no option '{option}'.";
        if (test.Version is { } asked && !Speaks(device, asked))
            return $"The device cannot be set to version {asked}.";
        if (test.Version is null && device.Timers.ContainsKey(VersionTimer) && !Speaks(device, device.Protocols[0].CurrentVersion))
            return $"The device does not speak version {device.Protocols[0].CurrentVersion}.";
        if (test is HostTest { Listens: true } && device.Listen is null)
            return "The device cannot be told what to listen to.";
        var declared = test.Requirements.Select(each => Declared(device, each.Id)).ToList();
        return declared.TrueForAll(each => each is not null) ? $"The device's own word: {string.Join("; ", declared.Distinct())}." : null;
    }

    private static bool Speaks(Device device, int version) =>
        device.Timers.TryGetValue(VersionTimer, out var timer) && timer.Nearest(version) == version;

    private static string? Declared(Device device, string requirement) =>
        device.Lacks.Where(each => Matches(each.Key, requirement)).Select(each => each.Value).FirstOrDefault();

    private static bool Matches(string pattern, string requirement) =>
        Regex.IsMatch(
            requirement, $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
}
