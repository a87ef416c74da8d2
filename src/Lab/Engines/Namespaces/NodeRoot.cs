using System.Runtime.Versioning;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>
/// Makes a node's root directory: the host's files below, a layer in memory above, which nobody else sees and which disappears with the
/// node. Everything here works on the calling thread's own mount namespace.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class NodeRoot
{
    private static readonly string[] Fresh = ["/proc", "/sys", "/dev", "/run", "/tmp"];

    // Not file systems with files of the machine: what a node needs of these is mounted afresh.
    private static readonly HashSet<string> KernelFileSystems =
    [
        "autofs",
        "binfmt_misc",
        "bpf",
        "cgroup",
        "cgroup2",
        "configfs",
        "debugfs",
        "devpts",
        "devtmpfs",
        "efivarfs",
        "fusectl",
        "hugetlbfs",
        "mqueue",
        "nsfs",
        "overlay",
        "proc",
        "pstore",
        "ramfs",
        "rpc_pipefs",
        "securityfs",
        "selinuxfs",
        "sysfs",
        "tmpfs",
        "tracefs",
    ];

    private readonly string stage;
    private readonly string root;
    private readonly bool inUserNamespace;
    private readonly IReadOnlyList<MountEntry> mounts;
    private int layers;

    /// <summary>Prepares to make a root.</summary>
    /// <param name="stage">An empty directory to build in; it stays empty for everybody else.</param>
    /// <param name="inUserNamespace">Whether the caller is only root of a user namespace.</param>
    internal NodeRoot(string stage, bool inUserNamespace)
    {
        this.stage = stage;
        root = stage + "/root";
        this.inUserNamespace = inUserNamespace;
        mounts = MountEntry.ReadAll();
    }

    /// <summary>
    /// Builds the root and makes it the root of the calling thread's mount namespace. The node's /proc is for its PID 1 to mount.
    /// </summary>
    /// <param name="visible">Directories that the node must see at their own place, wherever they are mounted.</param>
    /// <param name="topologyDirectory">The topology's folder.</param>
    /// <param name="overlayDirectory">The folder in the topology's whose files are laid over the root; null for none.</param>
    /// <param name="sharedDirectory">What all the nodes see as /shared; null for none.</param>
    /// <param name="deviceDirectory">The folder of the device under test, which the node sees at its own place and cannot change; null for
    /// none.</param>
    internal void Enter(
        IEnumerable<string> visible, string topologyDirectory, string? overlayDirectory, string? sharedDirectory, string? deviceDirectory)
    {
        Mounts.MakePrivate();
        Mounts.Memory(stage);
        Directory.CreateDirectory(root);
        if (inUserNamespace)
            LayDirectories();
        else
            LayWhole();
        foreach (var path in Fresh)
            Directory.CreateDirectory(root + path);
        Mounts.Bind("/dev", root + "/dev");
        // In a user namespace the kernel mounts a /proc only for who sees a whole one already; PID 1 puts the node's own on top.
        if (inUserNamespace)
            Mounts.Bind("/proc", root + "/proc");
        MountSystem();
        Mounts.Memory(root + "/run");
        Mounts.Memory(root + "/tmp", "1777");
        foreach (var path in visible.Where(each => !Directory.Exists(root + each)))
            Show(path, path);
        Show(topologyDirectory, StartupScript.TopologyMount);
        if (deviceDirectory is not null)
            Show(deviceDirectory, deviceDirectory);
        ShowCleanScripts(topologyDirectory);
        if (sharedDirectory is not null)
            Show(sharedDirectory, "/shared", writable: true);
        Mounts.PivotRoot(root);
        // Only now: an absolute symbolic link on the way must lead to a place in the node, not on the host.
        if (overlayDirectory is not null)
            Copy(StartupScript.TopologyMount + "/" + Path.GetFileName(overlayDirectory), "/");
    }

    /// <summary>One overlay over the host's root, and one over every file system that is mounted in it.</summary>
    private void LayWhole()
    {
        Lay("/");
        foreach (var mount in mounts)
        {
            if (mount.Path != "/" && IsOfTheMachine(mount) && Directory.Exists(root + mount.Path))
                Lay(mount.Path);
        }
    }

    /// <summary>
    /// In a user namespace the kernel refuses an overlay over a directory with mounts in it that the user could otherwise not look beneath;
    /// so every directory of the root gets an overlay of its own, and where that fails too, is shown read-only.
    /// </summary>
    private void LayDirectories()
    {
        Mounts.Memory(root);
        foreach (var path in Directory.EnumerateFileSystemEntries("/"))
        {
            if (Fresh.Contains(path))
                continue;
            var target = root + path;
            if (new FileInfo(path).LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
                continue;
            }

            if (!Directory.Exists(path))
                continue;
            Directory.CreateDirectory(target);
            Lay(path);
        }
    }

    private void Lay(string path)
    {
        var layer = $"{stage}/{++layers}";
        Directory.CreateDirectory(layer + "/upper");
        Directory.CreateDirectory(layer + "/work");
        // The layer's directory becomes the overlay's, and its permissions with it.
        File.SetUnixFileMode(layer + "/upper", File.GetUnixFileMode(path));
        try
        {
            Mounts.Overlay(path, layer + "/upper", layer + "/work", path == "/" ? root : root + path, inUserNamespace);
        }
        catch (LinuxException) when (path != "/")
        {
            Show(path, path);
        }
    }

    private void Show(string path, string target, bool writable = false)
    {
        Directory.CreateDirectory(root + target);
        Mounts.Bind(path, root + target);
        if (writable)
            return;
        var holder = mounts
            .Where(each => each.Path == "/" || path == each.Path || path.StartsWith(each.Path + "/", StringComparison.Ordinal))
            .MaxBy(each => each.Path.Length);
        Mounts.MakeReadOnly(root + target, holder?.Options ?? []);
    }

    /// <summary>
    /// A script that was written on Windows is shown in a clean copy, in place of the one in the folder, which stays as it is: a shell
    /// takes a CR for part of the last word of its line.
    /// </summary>
    private void ShowCleanScripts(string topologyDirectory)
    {
        foreach (var script in Directory.EnumerateFiles(topologyDirectory).Where(TopologyReader.IsScript))
        {
            if (FileText.Clean(File.ReadAllBytes(script)) is not { } clean)
                continue;
            var copy = Path.Combine(Directory.CreateDirectory(stage + "/scripts").FullName, Path.GetFileName(script));
            File.WriteAllBytes(copy, clean);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(script));
            var target = root + StartupScript.TopologyMount + "/" + Path.GetFileName(script);
            Mounts.Bind(copy, target);
            Mounts.MakeReadOnly(target, []);
        }
    }

    private void MountSystem()
    {
        try
        {
            Mounts.System(root + "/sys");
        }
        catch (LinuxException refused) when (refused.IsPermission)
        {
            // Inside a container the host's /sys is partly hidden, and then the kernel gives nobody a whole one; the host's serves, but
            // for /sys/class/net.
            Mounts.Bind("/sys", root + "/sys");
        }
    }

    private static bool IsOfTheMachine(MountEntry mount) =>
        !KernelFileSystems.Contains(mount.Type)
        && !Fresh.Any(each => mount.Path == each || mount.Path.StartsWith(each + "/", StringComparison.Ordinal));

    private static void Copy(string from, string to)
    {
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.Delete(target);
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo)
            {
                if (!Directory.Exists(target))
                    Directory.CreateDirectory(target, entry.UnixFileMode);
                Copy(entry.FullName, target);
            }
            else
            {
                File.Copy(entry.FullName, target, overwrite: true);
                Clean(target);
            }
        }
    }

    /// <summary>
    /// Text with Windows line endings is useless to most programs here: as under Kathará, the node sees it with Linux line endings.
    /// </summary>
    private static void Clean(string path)
    {
        // Most files that are not text show it early; they may be large.
        Span<byte> beginning = stackalloc byte[1024];
        using (var file = File.OpenRead(path))
            beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        if (beginning.Contains((byte)0))
            return;
        var bytes = File.ReadAllBytes(path);
        if (FileText.IsText(bytes) && FileText.Clean(bytes) is { } clean)
            File.WriteAllBytes(path, clean);
    }
}
