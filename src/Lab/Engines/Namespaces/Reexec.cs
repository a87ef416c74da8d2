using System.Globalization;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>
/// Puts an ordinary user's program into a user namespace where it is root: it is replaced by itself (execve), run by <c>unshare</c> or
/// <c>nsenter</c> of util-linux. A running .NET program cannot enter one, because it has several threads.
/// </summary>
public static class Reexec
{
    private const string Mark = "MULTICAST_LAB_REEXECUTED";

    /// <summary>
    /// Call it first thing in Main, in every command that makes labs. Does nothing for root, and where user namespaces are unavailable (see
    /// <see cref="EngineAvailability.Check"/>); otherwise does not return.
    /// </summary>
    /// <exception cref="LinuxException">The program cannot be replaced.</exception>
    public static void IntoUserNamespace()
    {
        if (OperatingSystem.IsLinux() && !Privilege.CanMakeNamespaces && WhyNot() is null)
            Replace("unshare", ["--user", "--map-root-user", "--mount", "--"]);
    }

    /// <summary>The same for commands that work on a lab which is there: enters the lab's user namespace.</summary>
    /// <param name="process">A process of the lab.</param>
    /// <exception cref="LinuxException">The program cannot be replaced.</exception>
    internal static void Into(ProcessReference process)
    {
        if (!Privilege.CanMakeNamespaces)
            Replace("nsenter", ["--user", "--preserve-credentials", "--target", process.Id.ToString(CultureInfo.InvariantCulture), "--"]);
    }

    /// <summary>Why an ordinary user cannot create a user namespace here.</summary>
    /// <returns>Null when there is nothing in the way.</returns>
    internal static Unfitness? WhyNot()
    {
        if (Environment.GetEnvironmentVariable(Mark) is not null)
            return new Unfitness(
                "This process was put into a user namespace and may not make namespaces there all the same.", "Run it as root.");
        if (Find("unshare") is null)
            return new Unfitness("This process is not root, and there is no unshare.", "Run it as root, or install util-linux.");
        if (Setting("/proc/sys/user/max_user_namespaces") == "0")
            return new Unfitness(
                "This process is not root, and user namespaces are turned off.",
                "Run it as root, or: sysctl -w user.max_user_namespaces=10000");
        if (Setting("/proc/sys/kernel/unprivileged_userns_clone") == "0")
            return new Unfitness(
                "This process is not root, and user namespaces are reserved to root.",
                "Run it as root, or: sysctl -w kernel.unprivileged_userns_clone=1");
        if (Setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        {
            return new Unfitness(
                "This process is not root, and AppArmor strips user namespaces of their privileges.",
                "Run it as root, or: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
        }

        return null;
    }

    private static void Replace(string tool, IReadOnlyList<string> options)
    {
        var path = Find(tool) ?? throw new EnvironmentUnfitException(new Unfitness($"There is no {tool}.", "Install util-linux."));
        var command = CommandLine();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(each => (string)each.Key, each => (string?)each.Value ?? "");
        environment[Mark] = "1";
        Spawner.Replace(path, [.. options, .. command], environment);
    }

    /// <summary>How this program was started: the program itself, or dotnet with an assembly.</summary>
    private static IEnumerable<string> CommandLine()
    {
        var self = Environment.ProcessPath ?? throw new InvalidOperationException("/proc does not show this program.");
        var arguments = File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0');
        return arguments.Skip(1).Prepend(self);
    }

    private static string? Setting(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    private static string? Find(string tool) =>
        NodeEnvironment.SystemPath.Split(':').Select(each => Path.Combine(each, tool)).FirstOrDefault(File.Exists);
}
