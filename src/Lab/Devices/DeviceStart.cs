using MulticastLab.Membership;

namespace MulticastLab.Lab.Devices;

/// <summary>How a device under test is to be started.</summary>
public sealed record DeviceStart
{
    /// <summary>Its timers, which it takes as nearly as it can be set: see <see cref="DeviceSettings.For"/>.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>The version of its protocol; null for its default.</summary>
    public int? Version { get; init; }

    /// <summary>What is switched on: some of <see cref="Device.Options"/>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
