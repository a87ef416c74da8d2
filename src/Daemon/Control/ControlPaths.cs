using MulticastLab.Linux.Posix;
using MulticastLab.Linux.Privileges;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// Where a daemon's control socket is by default: <c>/run/multicast-lab/NAME.sock</c>; where that is not writable (an ordinary user outside
/// a lab), <c>$XDG_RUNTIME_DIR/multicast-lab/</c>, and without that <c>/tmp/multicast-lab-UID/</c>.
/// </summary>
public static class ControlPaths
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The path for a daemon to listen on; its folder is made when it is missing.</summary>
    /// <param name="name">The daemon's name: router, hostagent.</param>
    /// <exception cref="ControlException">None of the folders is writable; the message names them.</exception>
    public static string ForDaemon(string name)
    {
        foreach (var folder in Folders())
        {
            if (IsUsable(folder))
                return Path.Combine(folder, name + ".sock");
        }

        throw ControlException.Environment(
            $"no folder for the control socket: none of {string.Join(", ", Folders())} can be written; name one with --control");
    }

    /// <summary>The path for a client to connect to: the first of these places where there is a socket, otherwise the first
    /// place.</summary>
    /// <param name="name">The daemon's name: router, hostagent.</param>
    public static string ForClient(string name)
    {
        var paths = Folders().Select(folder => Path.Combine(folder, name + ".sock")).ToList();
        return paths.Find(File.Exists) ?? paths[0];
    }

    /// <summary>
    /// Makes the first of the folders ready for another user to put sockets there, before this process becomes that user.
    /// </summary>
    /// <exception cref="LinuxException">It cannot be created, or its owner cannot be changed.</exception>
    public static void Prepare(UserAccount user)
    {
        ArgumentNullException.ThrowIfNull(user);
        var folder = Folders().First();
        Directory.CreateDirectory(folder, OwnerOnly);
        LinuxException.ThrowIfFailed(Libc.ChangeOwner(folder, user.Id, user.Group), "chown", folder);
    }

    private static IEnumerable<string> Folders()
    {
        yield return "/run/multicast-lab";
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime)
            yield return Path.Combine(runtime, "multicast-lab");
        yield return $"/tmp/multicast-lab-{Libc.EffectiveUser()}";
    }

    private static bool IsUsable(string folder)
    {
        try
        {
            // In /tmp somebody else may have created it. Only the owner may set the mode, even to the present one.
            if (Directory.Exists(folder))
                File.SetUnixFileMode(folder, File.GetUnixFileMode(folder));
            else
                Directory.CreateDirectory(folder, OwnerOnly);
            return true;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
