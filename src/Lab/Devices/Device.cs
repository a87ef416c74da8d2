using MulticastLab.Membership.Dialects;

namespace MulticastLab.Lab.Devices;

/// <summary>A device under test: a folder with a <c>device.yaml</c> that says how it is started and what it can be asked.</summary>
public sealed record Device
{
    /// <summary>The file that describes it.</summary>
    public const string FileName = "device.yaml";

    /// <summary>The file of a device's folder that says why it fails conformance tests; it may be missing.</summary>
    public const string KnownFileName = "known.yaml";

    /// <summary>The folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder, as an absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Title { get; init; }

    /// <summary>What it is on a LAN.</summary>
    public required DeviceRole Role { get; init; }

    /// <summary>What it speaks; the first is what it is started for.</summary>
    public required IReadOnlyList<Dialect> Protocols { get; init; }

    /// <summary>What has to be on the machine.</summary>
    public IReadOnlyList<DeviceRequirement> Requirements { get; init; } = [];

    /// <summary>The command that prints its version in the first line of its output; null when there is none.</summary>
    public string? Version { get; init; }

    /// <summary>The command that is the device: when it ends, the device is dead.</summary>
    public required string Start { get; init; }

    /// <summary>When it is ready; null when it is as soon as it was started.</summary>
    public DeviceReadiness? Ready { get; init; }

    /// <summary>The command that prints the state dump; null when it has none.</summary>
    public string? State { get; init; }

    /// <summary>The command that makes the filter of one socket: of hosts only; null when it has none.</summary>
    public string? Listen { get; init; }

    /// <summary>Its timers, by name: those that can be set, and those that are known to be fixed.</summary>
    public IReadOnlyDictionary<string, DeviceTimer> Timers { get; init; } = new Dictionary<string, DeviceTimer>();

    /// <summary>How late the granularity of its own clock may make it.</summary>
    public TimeSpan Granularity { get; init; }

    /// <summary>What can be switched on in it: words of lower-case letters, digits and hyphens.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>
    /// What it declares as not implemented: reasons by patterns of requirement ids, in which * stands for anything.
    /// </summary>
    public IReadOnlyDictionary<string, string> Lacks { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Why it fails conformance tests, by their names: what was found out and checked by hand, from <see cref="KnownFileName"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Known { get; init; } = new Dictionary<string, string>();

    /// <summary>How coarse the times in its state dump are.</summary>
    public TimeSpan Resolution { get; init; }

    /// <summary>
    /// What stands for it in the simulated world, which runs no processes: <c>router</c> or <c>host</c>, the cores of this project, or a
    /// program that the engine was given, with arguments; null when nothing does.
    /// </summary>
    public string? Simulated { get; init; }

    /// <summary>The container image for engines that use containers; null for the machine's own files.</summary>
    public string? Image { get; init; }

    /// <summary>The environment variable of the start command that switches an option on.</summary>
    public static string VariableOf(string option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return "OPTION_" + option.ToUpperInvariant().Replace('-', '_');
    }

    /// <summary>What is missing on this machine for it.</summary>
    public IEnumerable<DeviceRequirement> Missing() => Requirements.Where(each => !each.IsMet(Folder));
}

/// <summary>What a device is on a LAN.</summary>
public enum DeviceRole
{
    /// <summary>A multicast router.</summary>
    Router,

    /// <summary>A host.</summary>
    Host,

    /// <summary>A switch that may snoop.</summary>
    Switch,

    /// <summary>A proxy: a router to its members, a host to its own router.</summary>
    Proxy,
}
