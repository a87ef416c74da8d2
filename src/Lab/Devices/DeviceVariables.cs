using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Devices;

/// <summary>The environment of a device's commands.</summary>
internal static class DeviceVariables
{
    /// <summary>A folder of this instance of the device, as it sees it: empty when it is started.</summary>
    internal const string RunFolder = "/run/device";

    /// <summary>The variable with the address of the first interface.</summary>
    internal const string Address = "DEVICE_ADDRESS";

    /// <summary>The variables, all but <see cref="Address"/>, which is known only when the node has been started.</summary>
    internal static Dictionary<string, string> For(Device device, Node node, DeviceSettings settings) => new(settings.Variables)
    {
        ["DEVICE_INTERFACES"] = string.Join(' ', node.Interfaces.Select(each => each.Interface)),
        ["DEVICE_PROTOCOL"] = device.Protocols[0].Name.ToLowerInvariant(),
        ["DEVICE_DIR"] = device.Folder,
        ["DEVICE_RUN"] = RunFolder,
    };
    /// <summary>The variables that ask for these timers and options.</summary>
    internal static Dictionary<string, string> For(Device device, DeviceStart how)
    {
        var variables = new Dictionary<string, string>(DeviceSettings.For(device, how.Timing, how.Version, how.Unset).Variables);
        foreach (var option in how.Options)
            variables[Device.VariableOf(option)] = "1";
        return variables;
    }
}
