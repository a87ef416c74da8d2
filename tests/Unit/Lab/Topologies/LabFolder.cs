using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Text;

namespace MulticastLab.Tests.Lab.Topologies;

/// <summary>A lab folder of its own in the temporary directory, gone when disposed.</summary>
internal sealed class LabFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("topology-");

    public LabFolder(string? labConf = null)
    {
        Path = System.IO.Path.Combine(root.FullName, "lab");
        Directory.CreateDirectory(Path);
        if (labConf is not null)
            Write("lab.conf", labConf);
    }

    public string Path { get; }

    public LabFolder Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    public Topology Read() => TopologyReader.Read(Path);

    /// <summary>The errors as <c>file:line:column: …</c>, without the folder.</summary>
    public string[] Errors()
    {
        try
        {
            Read();
            return [];
        }
        catch (InvalidFileException failure)
        {
            return [.. failure.Problems.Select(Short)];
        }
    }

    public string[] Warnings() => [.. Read().Warnings.Select(Short)];

    public void Dispose() => root.Delete(recursive: true);

    private static string Short(FileProblem problem) => string.Create(CultureInfo.InvariantCulture,
        $"{problem with { File = System.IO.Path.GetFileName(problem.File) }}");
}
