using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Devices;

/// <summary>Where devices are: those that are shipped have a name; all have a path.</summary>
public static class DeviceFolders
{
    /// <summary>The names of the devices that are shipped, in order.</summary>
    public static IReadOnlyList<string> Names() =>
        Shipped is { } shipped && Directory.Exists(shipped)
            ?
            [
                .. Directory
                    .GetDirectories(shipped)
                    .Where(folder => File.Exists(Path.Combine(folder, Device.FileName)))
                    .Select(folder => Path.GetFileName(folder))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    private static string? Shipped => Home.Find() is { } home ? Path.Combine(home, "lab", "devices") : null;

    /// <summary>The folder that is meant.</summary>
    /// <param name="device">A name; or a path, which has a slash or begins with a dot.</param>
    /// <param name="relativeTo">What a relative path starts from.</param>
    /// <returns>Its path, or what is wrong and what was probably intended.</returns>
    public static (string? Folder, string Problem, string? Suggestion) Find(string device, string relativeTo)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.Contains('/', StringComparison.Ordinal) || device.StartsWith('.'))
        {
            var path = Path.GetFullPath(Path.Combine(relativeTo, device));
            return Directory.Exists(path) ? (path, "", null) : (null, $"there is no device's folder {path}", null);
        }

        return Names().Contains(device)
            ? (Path.Combine(Shipped!, device), "", null)
            : (null, $"there is no device '{device}'; there are {string.Join(", ", Names())}", Spelling.Nearest(device, Names()));
    }
}
