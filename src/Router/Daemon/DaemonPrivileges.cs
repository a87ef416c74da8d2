using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Linux.Privileges;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Drops at startup the privileges that the router does not need. It needs CAP_NET_RAW for its packet sockets, and CAP_NET_ADMIN to forward
/// and for receive buffers beyond the system's limit.
/// </summary>
/// <remarks>
/// Capabilities belong to threads, and the runtime has threads of its own before the first line of a program runs; those would keep all
/// they were started with. So a process that has too much drops it on the one thread that is running, and re-executes itself: the new
/// program has nothing else on any thread. Started with just what it needs, by a service manager or setpriv(1), there is nothing to do
/// here.
/// </remarks>
internal static class DaemonPrivileges
{
    /// <summary>The option that names the user to switch to.</summary>
    public const string UserOption = "--user";

    // Hexadecimal bytes. Collections are then frequent and short: all threads stand still for 0.1 ms each instead of 1 ms while a large
    // table is dumped (tests/Benchmarks operation). It cannot be set in the program's own configuration.
    private static readonly (string Name, string Value) SmallYoungGeneration = ("DOTNET_GCgen0size", "80000");

    private static readonly CapabilitySet Forwarding = CapabilitySet.Of(Capability.NetworkRaw, Capability.NetworkAdministration);
    private static readonly CapabilitySet Listening = CapabilitySet.Of(Capability.NetworkRaw);

    /// <summary>Reduces the privileges, if there are too many; then this does not return, and the process is re-executed.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The exit code when that failed; null to go on.</returns>
    public static ExitCode? Reduce(string[] arguments)
    {
        try
        {
            var permitted = ThreadPrivileges.Permitted;
            var needed = (NeedsAdministration(arguments) ? Forwarding : Listening).And(permitted);
            var user = UserNamed(arguments) is { } name ? ToBecome(name, permitted) : null;
            var startsAnew = permitted.Has(Capability.SetCapabilities);
            if (user is null && permitted.IsWithin(needed) && (!startsAnew || ThreadPrivileges.Bounding.IsWithin(needed)))
                return null;
            // In this order: switching to another user clears the effective capabilities.
            if (startsAnew)
                ThreadPrivileges.Bound(needed);
            if (user is not null)
                Become(user, atUsualPlace: !arguments.Any(each => each.StartsWith("--control", StringComparison.Ordinal)));
            ThreadPrivileges.ForbidNew();
            ThreadPrivileges.Hold(needed);
            // Without the right to lower the bounding set, root would get everything back: then only this thread and those it starts drop
            // their privileges.
            if (startsAnew)
                ThreadPrivileges.ExecuteAnew(SmallYoungGeneration);
            return null;
        }
        catch (ControlException refused)
        {
            return Fail(refused.Message, refused.ExitCode);
        }
        catch (LinuxException refused)
        {
            return Fail($"cannot give up privileges: {refused.Message}", refused.IsPermission ? ExitCode.Environment : ExitCode.Failed);
        }
    }

    /// <returns>The user; null when it is the present one.</returns>
    private static UserAccount? ToBecome(string name, CapabilitySet permitted)
    {
        var user = UserAccount.Find(name) ?? throw ControlException.Failed($"there is no user '{name}' to run as");
        if (user.IsCurrent)
            return null;
        if (!permitted.Has(Capability.SetUser) || !permitted.Has(Capability.SetGroup))
            throw ControlException.Environment($"only root can become another user: start the router as root, or as {name}");
        return user;
    }

    private static void Become(UserAccount user, bool atUsualPlace)
    {
        // Afterwards only root could.
        if (atUsualPlace)
            ControlPaths.Prepare(user);
        ThreadPrivileges.Become(user);
    }

    // The command line is not read yet: that takes longer than all of this. A file may request forwarding now, or when it is read again.
    private static bool NeedsAdministration(string[] arguments) =>
        arguments.Any(each => each == "--forward" || each.StartsWith("--config", StringComparison.Ordinal))
        || BufferLimit() < PortSocket.ReceiveBuffer;

    private static long BufferLimit()
    {
        try
        {
            return new KernelSetting("net/core/rmem_max").Read();
        }
        catch (LinuxException)
        {
            // Some kernels show it in the first network namespace only.
            return 0;
        }
    }

    private static string? UserNamed(string[] arguments)
    {
        const string WithEquals = UserOption + "=";
        var at = Array.FindIndex(arguments, each => each == UserOption || each.StartsWith(WithEquals, StringComparison.Ordinal));
        if (at < 0)
            return null;
        return arguments[at] == UserOption ? arguments.ElementAtOrDefault(at + 1) : arguments[at][WithEquals.Length..];
    }

    private static ExitCode Fail(string message, ExitCode exitCode)
    {
        Console.Error.WriteLine($"router: {message}");
        return exitCode;
    }
}
