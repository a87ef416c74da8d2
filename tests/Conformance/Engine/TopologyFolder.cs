using MulticastLab.Lab.Topologies;

namespace MulticastLab.Conformance.Engine;

/// <summary>A topology folder for one test.</summary>
internal sealed class TopologyFolder : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("multicast-lab-test-");

    /// <summary>Writes the files; names may have folders in them.</summary>
    internal TopologyFolder(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }

    internal string Path => directory.FullName;

    internal Topology Read() => TopologyReader.Read(Path);

    /// <summary>Plain nodes n1, n2 … on one LAN, with addresses 10.0.0.1, 10.0.0.2 ….</summary>
    internal static TopologyFolder Line(int nodes)
    {
        var numbers = Enumerable.Range(1, nodes).ToList();
        return new TopologyFolder([
            ("lab.conf", $"LAB_NAME=\"line-{nodes}\"\n" + string.Concat(numbers.Select(n => $"n{n}[0]=\"A\"\n"))),
            .. numbers.Select(n => ($"n{n}.startup", $"ip address add 10.0.{n >> 8}.{n & 0xFF}/16 dev eth0\n")),
        ]);
    }

    public void Dispose() => directory.Delete(recursive: true);
}
