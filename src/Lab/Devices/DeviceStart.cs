using MulticastLab.Membership;

namespace MulticastLab.Lab.Devices;

/// <summary>How a device under test is to be started.</summary>
public sealed record DeviceStart
{
    /// <summary>Its timers, which it takes as nearly as it can be set: see <see cref="DeviceSettings.For"/>.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>The version of its protocol; null for its default.</summary>
    public int? Version { get; init; }

    /// <summary>
    /// The timers that are left to the device, by their names in <see cref="DeviceSettings.Names"/>: it is not told them, and has its
    /// defaults or derives them from the others.
    /// </summary>
    public IReadOnlyList<string> Unset { get; init; } = [];

    /// <summary>What is switched on: some of <see cref="Device.Options"/>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
