using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Settings;
using MulticastLab.HostAgent.Agent;
using MulticastLab.HostAgent.Stacks;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;

namespace MulticastLab.HostAgent.Commands;

/// <summary><c>hostagent run</c>: the agent itself, in the foreground.</summary>
internal static class RunCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var interfaceName = new Option<string>("--interface") { Description = "The interface on which groups are joined.", HelpName = "NAME", Required = true };
        var control = Arguments.Control();
        var stack = new Option<string>("--stack")
        {
            Description = "Whose IGMP is on the wire: Linux's own, or this project's on a packet socket.",
            DefaultValueFactory = _ => "kernel",
        };
        stack.AcceptOnlyFromAmong("kernel", "user");
        var settings = new SettingArguments<HostSettings>(HostAgentSettings.Table.Options);
        settings.Describe();
        var command = new Command("run", "Runs the agent; 'hostagent: ready' on stderr when it can take commands. SIGTERM leaves all groups and ends it.")
        {
            interfaceName, control, stack,
        };
        foreach (var option in settings.Options)
            command.Options.Add(option);
        command.SetAction(parsed => Run(
            parsed.GetValue(interfaceName)!,
            parsed.GetValue(stack) == "user",
            settings.Given(parsed),
            parsed.GetValue(control),
            parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(string interfaceName, bool user, GivenSettings<HostSettings> given, string? control, TextWriter error)
    {
        if (!user && given.Options.FirstOrDefault(each => each.Setting.NotByLinux is not null) is { } refused)
            throw AgentException.Usage($"{refused.Name} goes with --stack user: {refused.Setting.NotByLinux}");
        var settings = given.Apply(HostAgentSettings.Table.Defaults);
        var path = control ?? ControlPaths.ForDaemon(Arguments.DaemonName);
        using var loop = new EventLoop();
        using var stack = Open();
        using var commands = new AgentCommands(loop, stack);
        var exit = ExitCode.Ok;
        using var signals = new Signals(loop, signal =>
        {
            exit = signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Ok;
            commands.End(loop.Stop);
        });
        using var server = ControlServer.Start(path, loop.Post, commands.Handle);
        error.WriteLine("hostagent: ready");
        loop.Run();
        return exit;

        IHostStack Open()
        {
            try
            {
                return user
                    ? new UserStack(loop, interfaceName, settings, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), Log)
                    : new KernelStack(
                        loop,
                        interfaceName,
                        given.Has(HostAgentSettings.Version) ? settings.Version : null,
                        given.Has(HostAgentSettings.UnsolicitedReportInterval) ? settings.Timing.UnsolicitedReportInterval : null,
                        Log);
            }
            catch (LinuxException failed) when (failed.Error == Errno.NoSuchDevice)
            {
                throw new AgentException($"there is no interface {interfaceName} here; 'ip link' lists those that are", ExitCode.Environment);
            }
            catch (LinuxException failed) when (failed.IsPermission)
            {
                throw new AgentException($"{failed.Message}; it needs the capability {(user ? "CAP_NET_RAW" : "CAP_NET_ADMIN")}", ExitCode.Environment);
            }
        }

        void Log(string line) => error.WriteLine($"hostagent: {line}");
    }
}
