using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Settings;
using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Cli;

/// <summary><c>router run</c>: the daemon, in the foreground.</summary>
internal static class RunCommand
{
    private static readonly Option<string[]> Interface = new("--interface")
    {
        Description = "An interface to serve; may be given several times",
        HelpName = "NAME",
    };

    private static readonly Option<string?> RoutesFile = new("--mroutes")
    {
        Description = "Static routes and interfaces from a file in pygmp's format ([phyints], [mroute_N])",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    private static readonly SettingArguments<RouterOptions> OfRouter = new(
        RouterGlobalSettings.Table.Options.Where(each => each.Name != Control.Name));

    private static readonly SettingArguments<RouterSettings> OfInterfaces = new(RouterInterfaceSettings.Table.Options);

    // Handled before the command line is read: see DaemonPrivileges.
    private static readonly Option<string?> User = new(DaemonPrivileges.UserOption)
    {
        Description = "If started as root, switch to this user and keep only CAP_NET_RAW and CAP_NET_ADMIN",
        HelpName = "NAME",
    };

    /// <summary>The command, without its options.</summary>
    public static Command Build() => new("run", "Run the router in the foreground; SIGTERM ends it.");

    /// <summary>Gives the command its options and what it does.</summary>
    public static void AddOptions(Command command)
    {
        foreach (
            var option in (IEnumerable<Option>)
                [ConfigurationOption.Option, Interface, Control, .. OfInterfaces.Options, .. OfRouter.Options, RoutesFile, User])
            command.Options.Add(option);
        command.Validators.Add(Check);
        command.Does(Run);
    }

    /// <summary>The settings that a command line asks for on an interface.</summary>
    public static RouterSettings Settings(ParseResult arguments, string interfaceName) =>
        OfInterfaces.Given(arguments).Apply(RouterInterfaceSettings.Table.Defaults, interfaceName);

    /// <summary>Gives the options that are settings their descriptions.</summary>
    public static void Describe()
    {
        OfInterfaces.Describe();
        OfRouter.Describe();
    }

    private static ExitCode Run(ParseResult arguments)
    {
        var options = ConfigurationOption.Read(() => arguments.GetValue(ConfigurationOption.Option) is { } file
            ? ConfigurationReader.ReadFile(file)
            : FromArguments(arguments));
        if (options is null)
            return ExitCode.Invalid;
        if (options.Obstacle() is { } obstacle)
            return Fail(obstacle, ExitCode.Usage);
        options = options with { ControlPath = arguments.GetValue(Control) ?? options.ControlPath };

        try
        {
            using var log = new DaemonLog("router", FileDescriptor.StandardError(), () => KernelClock.RealTime, options.Log);
            using var daemon = new RouterDaemon(options, log);
            using var end = Signals.CatchEnd(_ =>
            {
                daemon.Stop();
                return true;
            });
            // Without a file SIGHUP ends the router, as it ends any program that loses its terminal.
            using var hangUp = options.ConfigurationFile is null ? null : Signals.Catch(PosixSignal.SIGHUP, () =>
            {
                daemon.Reload();
                return true;
            });
            daemon.Run();
            return ExitCode.Ok;
        }
        catch (ControlException refused)
        {
            return Fail(refused.Message, refused.ExitCode);
        }
        catch (InvalidFileException invalid)
        {
            Console.Error.WriteLine(invalid.Message);
            return ExitCode.Invalid;
        }
        catch (LinuxException refused) when (refused.IsPermission)
        {
            return Fail(
                $"{refused.Message}. The router needs CAP_NET_RAW for its packet "
                    + $"sockets{(options.Forward ? " and CAP_NET_ADMIN for --forward" : "")}: "
                    + "run it as root, in a network namespace of your own (unshare -Urn), or give it the capability (setcap "
                    + "cap_net_raw,cap_net_admin+ep on the executable)",
                ExitCode.Environment);
        }
        catch (LinuxException failed)
        {
            return MulticastRoutingAdvice.For(failed) is { } advice
                ? Fail($"{failed.Message}. {advice}", ExitCode.Failed)
                : Fail(failed.Message, ExitCode.Failed);
        }
    }

    /// <summary>What a command line without a configuration file asks for.</summary>
    public static RouterOptions FromArguments(ParseResult arguments)
    {
        var file = arguments.GetValue(RoutesFile) is { } routes
            ? PygmpFile.Read(routes, FileText.Decode(routes, File.ReadAllBytes(routes)))
            : null;
        return OfRouter
            .Given(arguments)
            .Apply(RouterGlobalSettings.Table.Defaults)
            .Serving(arguments.GetValue(Interface) ?? [], name => Settings(arguments, name), file);
    }

    private static ExitCode Fail(string message, ExitCode exitCode)
    {
        try
        {
            Console.Error.WriteLine($"router: {message}");
        }
        catch (IOException)
        {
            // It cannot be printed (ENOSPC); the exit code still says it.
        }

        return exitCode;
    }

    private static void Check(CommandResult command)
    {
        var names = command.GetValue(Interface) ?? [];
        var routes = command.GetValue(RoutesFile);
        var given = OfRouter.Given(command);
        var forwards = given.Has(RouterGlobalSettings.Forward);
        ConfigurationOption.Check(command, names.Length > 0 || routes is not null, Control, User);
        foreach (var (name, needs) in given.Useless(RouterGlobalSettings.Table))
            command.AddError($"{name} needs {needs}");
        if (routes is not null && !forwards)
            command.AddError($"{RoutesFile.Name} needs --{RouterGlobalSettings.Forward.Name}");
        foreach (var name in names)
        {
            if (!InterfaceName.IsValid(name))
                command.AddError($"'{name}' cannot be the name of an interface");
        }

        if (names.GroupBy(each => each).FirstOrDefault(each => each.Count() > 1) is { } twice)
            command.AddError($"interface {twice.Key} is given twice");
        OfInterfaces.Check(command, names);
        if (forwards && names.Length > MulticastRoutingSocket.MaxVifs)
            command.AddError($"the kernel forwards between at most {MulticastRoutingSocket.MaxVifs} interfaces, not {names.Length}");
    }
}
