using System.Text.RegularExpressions;

namespace MulticastLab.Lab.Devices;

/// <summary>When a device that was started is ready.</summary>
/// <param name="Within">How long to wait for it.</param>
public abstract record DeviceReadiness(TimeSpan Within)
{
    /// <summary>How long to wait for a device that does not say so itself.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(10);
}

/// <summary>It is ready when a command succeeds, which is run again and again.</summary>
/// <param name="Command">The command.</param>
/// <param name="Within">How long to wait for it.</param>
public sealed record ReadyByCommand(string Command, TimeSpan Within) : DeviceReadiness(Within)
{
    /// <inheritdoc/>
    public override string ToString() => $"until '{Command}' succeeds";
}

/// <summary>It is ready when it has written something.</summary>
/// <param name="Pattern">What.</param>
/// <param name="Within">How long to wait for it.</param>
public sealed record ReadyByOutput(Regex Pattern, TimeSpan Within) : DeviceReadiness(Within)
{
    /// <inheritdoc/>
    public override string ToString() => $"until it writes '{Pattern}'";
}

/// <summary>It is ready when it has sent a General Query on its first interface.</summary>
/// <param name="Within">How long to wait for it.</param>
public sealed record ReadyByQuery(TimeSpan Within) : DeviceReadiness(Within)
{
    /// <inheritdoc/>
    public override string ToString() => "until it sends a General Query";
}
