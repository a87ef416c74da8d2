using MulticastLab.Lab.Devices;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>
/// The devices under test that the nodes of a topology are made of: <c>image="device/NAME"</c>, or a path after <c>device/</c>.
/// </summary>
/// <param name="directory">The topology's folder, which relative paths start from.</param>
/// <param name="problems">What is wrong with <c>lab.conf</c>.</param>
internal sealed class NodeDevices(string directory, FileProblems problems)
{
    private const string Prefix = "device/";

    private readonly string file = Path.Combine(directory, "lab.conf");
    private readonly Dictionary<string, Device> byNode = [];
    private readonly Dictionary<string, Device?> byFolder = [];

    /// <summary>What is wrong with the devices' own files.</summary>
    public List<FileProblem> Errors { get; } = [];

    /// <summary>Reads the device of a node, if it is made of one.</summary>
    public void Read(NodeLines node)
    {
        if (!node.Options.TryGetValue("image", out var image) || !image[0].StartsWith(Prefix, StringComparison.Ordinal))
            return;
        var (line, column) = node.ImagePlace;
        var (folder, problem, suggestion) = DeviceFolders.Find(image[0][Prefix.Length..], directory);
        if (folder is null)
            problems.Add(line, column + Prefix.Length, problem, suggestion);
        else if (ReadOnce(folder) is { } device)
            byNode.Add(node.Name, device);
    }

    /// <summary>What a node's device makes it on its LANs; null when it has none.</summary>
    public NodeKind? KindOf(NodeLines node) => byNode.TryGetValue(node.Name, out var device) ? device.Role switch
    {
        DeviceRole.Router or DeviceRole.Proxy => NodeKind.Router,
        DeviceRole.Host => NodeKind.Host,
        DeviceRole.Switch => NodeKind.Switch,
    } : null;

    /// <summary>The device of a node; null when it has none.</summary>
    public NodeDeviceReference? Of(NodeLines node) => byNode.TryGetValue(node.Name, out var device)
        ? new NodeDeviceReference(device.Folder, device.State is not null, file, node.ImagePlace.Line, node.ImagePlace.Column)
        : null;

    private Device? ReadOnce(string folder)
    {
        if (byFolder.TryGetValue(folder, out var known))
            return known;
        try
        {
            return byFolder[folder] = DeviceReader.Read(folder);
        }
        catch (InvalidFileException invalid)
        {
            Errors.AddRange(invalid.Problems);
            return byFolder[folder] = null;
        }
    }
}
