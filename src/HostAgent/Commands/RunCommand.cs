using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Services;
using MulticastLab.Daemon.Settings;
using MulticastLab.HostAgent.Agent;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;

namespace MulticastLab.HostAgent.Commands;

/// <summary><c>hostagent run</c>: the agent itself, in the foreground.</summary>
internal static class RunCommand
{
    private static readonly SettingArguments<HostSettings> Settings = new(HostAgentSettings.Table.Options);

    /// <summary>The command, without its options.</summary>
    public static Command Create() =>
        new("run", "Runs the agent; 'hostagent: ready' on stderr when it can take commands. SIGTERM leaves all groups and ends it.");

    /// <summary>Gives the command its options and what it does.</summary>
    public static void AddOptions(Command command)
    {
        var interfaceName = new Option<string>("--interface")
        {
            Description = "The interface on which groups are joined.",
            HelpName = "NAME",
            Required = true,
        };
        var control = Arguments.Control();
        var stack = new Option<string>("--stack")
        {
            Description = "Whose IGMP is on the wire: Linux's own, or this project's on a packet socket.",
            DefaultValueFactory = _ => "kernel",
        };
        stack.AcceptOnlyFromAmong("kernel", "user");
        var keepLimits = new Option<bool>("--keep-limits")
        {
            Description = "With Linux's own IGMP: leave its limits on sources as they are, and fail where they are reached.",
        };
        foreach (var option in (IEnumerable<Option>)[interfaceName, control, stack, keepLimits, .. Settings.Options])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(keepLimits) && result.GetValue(stack) == "user")
                result.AddError("--keep-limits goes with --stack kernel: the limits are Linux's");
        });
        command.Does(parsed => Run(
            parsed.GetValue(interfaceName)!,
            parsed.GetValue(stack) == "user",
            parsed.GetValue(keepLimits),
            Settings.Given(parsed),
            parsed.GetValue(control)));
    }

    /// <summary>Gives the options that are settings their descriptions.</summary>
    public static void Describe() => Settings.Describe();

    private static ExitCode Run(string interfaceName, bool user, bool keepLimits, GivenSettings<HostSettings> given, string? control)
    {
        if (!user && given.Options.FirstOrDefault(each => each.Setting.NotByLinux is not null) is { } refused)
            throw ControlException.Usage($"{refused.Name} goes with --stack user: {refused.Setting.NotByLinux}");
        var settings = given.Apply(HostAgentSettings.Table.Defaults);
        var path = control ?? ControlPaths.ForDaemon(Arguments.DaemonName);
        using var log = new DaemonLog(
            Arguments.DaemonName, FileDescriptor.StandardError(), () => KernelClock.RealTime, new LogOptions { Format = LogFormat.Plain });
        using var loop = new EventLoop();
        using var stack = Open();
        using var commands = new AgentCommands(loop, stack);
        using var service = new ServiceReport(ServiceManager.FromEnvironment(), loop, () => $"{interfaceName}: {stack.Name} stack");
        var exit = ExitCode.Ok;
        using var signals = Signals.CatchEnd(loop, signal =>
        {
            exit = signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Ok;
            service.Stopping();
            commands.End(loop.Stop);
        });
        using var server = ControlServer.Start(path, loop.Post, commands.Handle);
        log.Ready();
        service.Ready();
        loop.Run();
        return exit;

        IHostStack Open()
        {
            try
            {
                return user
                    ? new UserStack(
                        loop, interfaceName, ListenRules.Dialect, settings, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), log)
                    : new KernelStack(
                        loop,
                        interfaceName,
                        keepLimits,
                        given.Has(HostAgentSettings.Version) ? settings.Version : null,
                        given.Has(HostAgentSettings.UnsolicitedReportInterval) ? settings.Timing.UnsolicitedReportInterval : null,
                        log);
            }
            catch (LinuxException failed) when (failed.Error == Errno.NoSuchDevice)
            {
                throw ControlException.Environment($"there is no interface {interfaceName} here; 'ip link' lists those that are");
            }
            catch (LinuxException failed) when (failed.IsPermission)
            {
                throw ControlException.Environment($"{failed.Message}; it needs the capability {(user ? "CAP_NET_RAW" : "CAP_NET_ADMIN")}");
            }
        }
    }
}
