using System.Collections;
using System.Runtime.InteropServices;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary><c>naive router</c> and <c>naive host</c>: the naive programs on real packets.</summary>
internal static class Program
{
    private const string Usage = """
        naive router|host [--interface NAME …] [--mistakes all|none|NAME,NAME…] [--without NAME,NAME…]
        naive mistakes router|host

        IGMP programs with the mistakes of young implementations, to test and to learn from. Without --interface they take the interfaces
        of DEVICE_INTERFACES; the timers, and the mistakes without --mistakes, are told by the variables of a device (docs/devices.md).
        naive host takes commands as 'hostagent listen' sends them, at --control PATH.
        """;

    private static int Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["router", .. var rest]:
                    return (int)Run(Settings(rest, RouterMistakes.All), isHost: false);
                case ["host", .. var rest]:
                    return (int)Run(Settings(rest, HostMistakes.All), isHost: true);
                case ["mistakes", "router"]:
                    return Print(RouterMistakes.All);
                case ["mistakes", "host"]:
                    return Print(HostMistakes.All);
                case ["--version"]:
                    Console.Out.WriteLine($"naive {typeof(Program).Assembly.GetName().Version!.ToString(3)}");
                    return (int)ExitCode.Ok;
                case ["--help"]:
                    Console.Out.WriteLine(Usage);
                    return (int)ExitCode.Ok;
                default:
                    Console.Error.WriteLine(Usage);
                    return (int)ExitCode.Usage;
            }
        }
        catch (ControlException refused)
        {
            Console.Error.WriteLine($"naive: {refused.Message}");
            return (int)refused.ExitCode;
        }
        catch (LinuxException failed)
        {
            Console.Error.WriteLine($"naive: {failed.Message}");
            return (int)(failed.IsPermission || failed.Error == Errno.NoSuchDevice ? ExitCode.Environment : ExitCode.Failed);
        }
    }

    private static NaiveSettings Settings(string[] arguments, IReadOnlyList<Mistake> known)
    {
        var settings = new NaiveSettings(arguments, Variables(), known);
        return settings.Interfaces.Count > 0 ? settings : throw ControlException.Usage("no --interface is given");
    }

    private static Dictionary<string, string> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(each => (string)each.Key, each => (string?)each.Value ?? "");

    private static ExitCode Run(NaiveSettings settings, bool isHost)
    {
        using var loop = new EventLoop();
        using var machine = new KernelMachine(loop, settings.Interfaces, Variables());
        var exit = ExitCode.Ok;
        using var signals = Signals.CatchEnd(loop, signal =>
        {
            exit = signal == PosixSignal.SIGINT ? ExitCode.Interrupted : ExitCode.Ok;
            loop.Stop();
        });
        using var control = isHost ? Serve(machine.Run(each => new NaiveHost(each, settings)), settings, loop) : null;
        if (!isHost)
            machine.Run(each => new NaiveRouter(each, settings));
        Console.Error.WriteLine("naive: ready");
        loop.Run();
        return exit;
    }

    private static ControlServer Serve(NaiveHost host, NaiveSettings settings, EventLoop loop) =>
        ControlServer.Start(settings.Control ?? ControlPaths.ForDaemon("naive"), loop.Post, call =>
        {
            if (call.Command != "listen")
                throw ControlException.Usage($"the naive host knows 'listen' only, not '{call.Command}'");
            var request = new ControlRequest(call);
            var mode = request.OptionalText("mode") == "include" ? FilterMode.Include : FilterMode.Exclude;
            var group = request.OptionalAddress("group") ?? throw ControlException.Usage("\"group\" is missing");
            var filter = SourceFilter.Of(mode, (request.OptionalTexts("sources") ?? []).Select(Address.Parse));
            host.Listen(request.OptionalText("socket") ?? "default", group, filter);
            call.Succeed(writer => Daemon.State.ReceptionStateJson.Write(writer, new Membership.Host.ReceptionState(group, filter)));
        });

    private static int Print(IReadOnlyList<Mistake> mistakes)
    {
        foreach (var each in mistakes)
            Console.Out.WriteLine($"{each.Name,-24} {each.What} ({each.Section})");
        return (int)ExitCode.Ok;
    }
}
