using MulticastLab.Lab.Devices;
using MulticastLab.Packets.Text;

namespace MulticastLab.Tests.Lab.Devices;

/// <summary>A device's folder of a test's own, gone when disposed.</summary>
internal sealed class DeviceFolder : IDisposable
{
    /// <summary>The least that a device has to say.</summary>
    public const string Least = "title: A router\nrole: router\nprotocols: [igmp]\nstart: ./start\n";

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("device-");

    public DeviceFolder(string yaml, string? known = null)
    {
        Path = System.IO.Path.Combine(root.FullName, "box");
        Directory.CreateDirectory(Path);
        File.WriteAllText(System.IO.Path.Combine(Path, Device.FileName), yaml);
        if (known is not null)
            File.WriteAllText(System.IO.Path.Combine(Path, Device.KnownFileName), known);
    }

    public string Path { get; }

    public Device Read() => DeviceReader.Read(Path);

    /// <summary>The errors as <c>line:column: …</c>.</summary>
    public string[] Errors()
    {
        try
        {
            Read();
            return [];
        }
        catch (InvalidFileException failure)
        {
            return [.. failure.Problems.Select(each => (each with { File = "" }).ToString()[1..])];
        }
    }

    public void Dispose() => root.Delete(recursive: true);
}
