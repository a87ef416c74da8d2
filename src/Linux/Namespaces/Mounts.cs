using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Namespaces;

/// <summary>
/// Mounts in the calling thread's mount namespace. Every method throws <see cref="LinuxException"/> when the kernel refuses.
/// </summary>
public static class Mounts
{
    private const ulong ReadOnly = 0x1;
    private const ulong NoSetUid = 0x2;
    private const ulong NoDevices = 0x4;
    private const ulong NoExecution = 0x8;
    private const ulong Remount = 0x20;
    private const ulong BindMount = 0x1000;
    private const ulong Recursive = 0x4000;
    private const ulong PrivateMount = 0x4_0000;
    private const int Detach = 2;

    /// <summary>Makes every mount private: nothing done here is seen in the namespace it was copied from.</summary>
    public static void MakePrivate() => Mount(null, "/", null, PrivateMount | Recursive, null);

    /// <summary>A fresh file system in memory.</summary>
    /// <param name="target">The directory.</param>
    /// <param name="mode">The root directory's mode, octal.</param>
    public static void Memory(string target, string mode = "755") =>
        Mount("multicast-lab", target, "tmpfs", NoSetUid | NoDevices, $"mode={mode}");

    /// <summary>An overlay: what is written goes to <paramref name="upper"/>, what is there is <paramref name="lower"/>.</summary>
    /// <param name="lower">The directory below.</param>
    /// <param name="upper">A directory on the same file system as <paramref name="work"/>.</param>
    /// <param name="work">An empty directory for the kernel.</param>
    /// <param name="target">Where it is to be seen.</param>
    /// <param name="inUserNamespace">Whether the caller is only root of a user namespace, where the kernel keeps its marks in user.*
    /// attributes.</param>
    public static void Overlay(string lower, string upper, string work, string target, bool inUserNamespace) =>
        Mount("multicast-lab", target, "overlay", 0,
            $"lowerdir={Escape(lower)},upperdir={Escape(upper)},workdir={Escape(work)}{(inUserNamespace ? ",userxattr" : "")}");

    /// <summary>Shows a directory or file at a second place, with everything that is mounted below it.</summary>
    public static void Bind(string source, string target) => Mount(source, target, null, BindMount | Recursive, null);

    /// <summary>Makes a bind mount (not what is mounted below it) read-only.</summary>
    /// <param name="target">The mount.</param>
    /// <param name="options">Its present options as in /proc/self/mountinfo; a user namespace must keep those it came with.</param>
    public static void MakeReadOnly(string target, IReadOnlyCollection<string> options) =>
        Mount(
            null,
            target,
            null,
            BindMount
                | Remount
                | ReadOnly
                | (options.Contains("nosuid") ? NoSetUid : 0)
                | (options.Contains("nodev") ? NoDevices : 0)
                | (options.Contains("noexec") ? NoExecution : 0),
            null);

    /// <summary>The /sys of the calling thread's network namespace.</summary>
    public static void System(string target) => Mount("sysfs", target, "sysfs", NoSetUid | NoDevices | NoExecution, null);

    /// <summary>Makes a directory the root of the mount namespace and drops everything else from it.</summary>
    public static void PivotRoot(string newRoot)
    {
        LinuxException.ThrowIfFailed(Libc.ChangeDirectory(newRoot), "chdir", newRoot);
        // pivot_root(2): with both the same, the old root lies on top of the new one and can be unmounted without a place to put it.
        LinuxException.ThrowIfFailed(Libc.PivotRoot(".", "."), "pivot_root", newRoot);
        LinuxException.ThrowIfFailed(Libc.Unmount(".", Detach), "umount2", "the former root");
        LinuxException.ThrowIfFailed(Libc.ChangeDirectory("/"), "chdir", "/");
    }

    private static void Mount(string? source, string target, string? type, ulong flags, string? data) =>
        LinuxException.ThrowIfFailed(Libc.Mount(source, target, type, flags, data), $"mount({type ?? "bind"})", target);

    /// <summary>The overlay's options are separated by commas, its layers by colons.</summary>
    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal);
}
