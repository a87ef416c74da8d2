using System.Runtime.CompilerServices;
using MulticastLab.Lab.Engines.Namespaces;
using Xunit;

namespace MulticastLab.Conformance.Devices;

/// <summary>A test of a shipped device; skipped, with the reason, where it or real namespaces are unavailable.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DeviceFactAttribute : FactAttribute
{
    public DeviceFactAttribute(string device, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (EngineAvailability.Check() is { } unfitness)
            Skip = $"{unfitness.Reason} {unfitness.Remedy}";
        else if (DeviceLab.Read(device).Missing().FirstOrDefault() is { } missing)
            Skip = $"{device} needs {missing}: {missing.Remedy}";
    }
}
