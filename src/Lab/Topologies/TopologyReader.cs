using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>
/// Reads a lab's folder in Kathará's format: <c>lab.conf</c>, and where they are there <c>lab.dep</c>, <c>&lt;node&gt;.startup</c>,
/// <c>&lt;node&gt;.shutdown</c>, <c>&lt;node&gt;/</c>, <c>shared.startup</c>, <c>shared.shutdown</c> and <c>shared/</c>.
/// </summary>
public static class TopologyReader
{
    private static readonly string[] ScriptEndings = [".startup", ".shutdown"];

    /// <summary>Reads and checks the folder.</summary>
    /// <param name="directory">The folder's path; the problems name files relative to it as given.</param>
    /// <exception cref="InvalidFileException">Something is wrong with it: all of what is.</exception>
    public static Topology Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new InvalidFileException([
                new FileProblem(
                    directory, 1, 1, "there is no such folder", NearestIn(Path.GetDirectoryName(Path.GetFullPath(directory)), directory)),
            ]);

        var confPath = Path.Combine(directory, "lab.conf");
        if (!File.Exists(confPath))
            throw new InvalidFileException([
                new FileProblem(confPath, 1, 1, "the folder holds no lab.conf", NearestIn(directory, confPath))]);

        var confProblems = new FileProblems(confPath);
        var conf = LabConf.Read(Lines(confPath), confProblems);
        var names = conf.Nodes.Select(node => node.Name).ToList();

        var depPath = Path.Combine(directory, "lab.dep");
        var depProblems = new FileProblems(depPath);
        // Names that lab.conf got wrong would be reported here a second time.
        var depLines = File.Exists(depPath) && confProblems.Count == 0 ? Lines(depPath) : [];
        var dep = LabDep.Read(depLines, names, depProblems);

        var devices = new NodeDevices(directory, confProblems);
        foreach (var node in conf.Nodes)
            devices.Read(node);

        FileProblem[] errors = [.. confProblems.InOrder(), .. depProblems.InOrder(), .. ScriptErrors(directory, names), .. devices.Errors];
        if (errors.Length > 0)
            throw new InvalidFileException(errors);

        var labName = conf.Meta.GetValueOrDefault("LAB_NAME") is { Length: > 0 } given
            ? given
            : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        var nodes = conf.Nodes.ConvertAll(node => ToNode(node, labName, directory, dep, devices));
        return new Topology
        {
            Name = labName,
            Directory = directory,
            Meta = conf.Meta,
            Nodes = nodes,
            Lans = conf.Lans,
            StartOrder = [.. dep.Order.Select(name => nodes.Single(node => node.Name == name))],
            SharedDirectory = ExistingDirectory(directory, "shared"),
            SharedStartupFile = ExistingFile(directory, "shared.startup"),
            SharedShutdownFile = ExistingFile(directory, "shared.shutdown"),
            Warnings = [.. confProblems.Warnings(), .. depProblems.Warnings(), .. FolderWarnings(directory, names)],
        };
    }

    /// <summary>Whether a file of this name is a script that nodes run.</summary>
    internal static bool IsScript(string path) => ScriptEndings.Any(path.EndsWith);

    private static Node ToNode(NodeLines lines, string labName, string directory, LabDep dep, NodeDevices devices) => new()
    {
        Name = lines.Name,
        Kind = devices.KindOf(lines) ?? KindOf(lines.Options.TryGetValue("image", out var image) ? image[0] : ""),
        Device = devices.Of(lines),
        Interfaces = [.. lines.Interfaces.Select(each =>
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"eth{each.Key}");
            return new Attachment(name, each.Value.Lan, each.Value.Mac ?? DerivedMac(labName, lines.Name, name));
        })],
        Options = lines.Options.ToDictionary(each => each.Key, IReadOnlyList<string> (each) => each.Value),
        StartupFile = ExistingFile(directory, lines.Name + ".startup"),
        ShutdownFile = ExistingFile(directory, lines.Name + ".shutdown"),
        OverlayDirectory = ExistingDirectory(directory, lines.Name),
        StartsAfter = dep.StartsAfter(lines.Name),
    };

    /// <summary>The image's name without its registry path and tag says what the node is.</summary>
    private static NodeKind KindOf(string image)
    {
        var slash = image.LastIndexOf('/');
        var name = image[(slash + 1)..].Split(':', '@')[0];
        return slash < 0 ? NodeKind.Plain : name switch
        {
            "router" => NodeKind.Router,
            "host" => NodeKind.Host,
            "switch" => NodeKind.Switch,
            _ => NodeKind.Plain,
        };
    }

    /// <summary>The same in every run, so that captures can be compared: a hash, made locally administered and unicast.</summary>
    private static MacAddress DerivedMac(string lab, string node, string interfaceName)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{lab}/{node}/{interfaceName}"), hash);
        var bits = BinaryPrimitives.ReadUInt64BigEndian(hash) >> 16;
        return new MacAddress((bits & ~(0x03UL << 40)) | (0x02UL << 40));
    }

    private static IEnumerable<FileProblem> FolderWarnings(string directory, List<string> nodes)
    {
        foreach (var path in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            var file = Path.GetFileName(path);
            var ending = ScriptEndings.FirstOrDefault(file.EndsWith);
            if (ending is not null && file[..^ending.Length] is var name && name != "shared" && !nodes.Contains(name))
                yield return new FileProblem(
                    path, 1, 1, $"lab.conf has no node '{name}': this file is never run", Spelling.NearestQuoted(name, nodes));
            if (file == "lab.ext")
                yield return new FileProblem(path, 1, 1, "interfaces of this machine are not attached to LANs: lab.ext has no effect here");
        }
    }

    /// <summary>A script has to be text. What it does is between the shell and its author.</summary>
    private static IEnumerable<FileProblem> ScriptErrors(string directory, List<string> nodes) => nodes.Prepend("shared")
        .SelectMany(name => ScriptEndings.Select(ending => ExistingFile(directory, name + ending))).OfType<string>().SelectMany(path =>
        {
            try
            {
                FileText.Check(path, Bytes(path));
                return [];
            }
            catch (InvalidFileException wrong)
            {
                return wrong.Problems;
            }
        });

    /// <summary>The lines without their ends and trailing blanks.</summary>
    private static string[] Lines(string path) => [.. FileText.Decode(path, Bytes(path)).Split('\n').Select(line => line.TrimEnd())];

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException([new FileProblem(path, 1, 1, $"the file cannot be read: {failure.Message}")]);
        }
    }

    private static string? NearestIn(string? directory, string path) =>
        Directory.Exists(directory)
            ? Spelling.NearestQuoted(
                Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
                Directory.EnumerateFileSystemEntries(directory).Select(each => Path.GetFileName(each)))
            : null;

    private static string? ExistingFile(string directory, string name) =>
        Path.Combine(directory, name) is var path && File.Exists(path) ? path : null;

    private static string? ExistingDirectory(string directory, string name) =>
        Path.Combine(directory, name) is var path && Directory.Exists(path) ? path : null;
}
