namespace MulticastLab.Lab.Devices;

/// <summary>A file that a device needs.</summary>
/// <param name="Files">Its path; several of which one will do. A relative one lies in the device's folder.</param>
/// <param name="Remedy">How to get it.</param>
public sealed record DeviceRequirement(IReadOnlyList<string> Files, string Remedy)
{
    /// <summary>Whether one of the files is there.</summary>
    /// <param name="folder">The device's folder.</param>
    public bool IsMet(string folder) => Files.Any(each => Path.Exists(Path.Combine(folder, each)));

    /// <summary>The files: <c>a or b</c>.</summary>
    public override string ToString() => string.Join(" or ", Files);
}
