using System.CommandLine;
using System.Globalization;
using MulticastLab.Conformance.Running;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Wires;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary>The options of <c>--device external</c>: a device on an interface of this machine, which runs by itself.</summary>
internal sealed class ExternalDeviceOptions
{
    /// <summary>What <c>--device</c> is then.</summary>
    public const string Name = "external";

    private const int UsualPrefixLength = 24;

    // How late a timer of an operating system without real time usually is.
    private static readonly TimeSpan UsualGranularity = TimeSpan.FromMilliseconds(50);

    private readonly Option<string?> interfaceName = Text("--interface", "interface", "the interface of this machine that leads to it");
    private readonly Option<string?> address = Text(
        "--address", "address[/length]", "its address there; without it, that of the first querier, or of the only host that answers");
    private readonly Option<string?> upstream = Text(
        "--upstream", "interface", "of a router, the interface of this machine that leads to its other side, where the sources are");
    private readonly Option<string?> upstreamAddress = Text("--upstream-address", "address[/length]", "its address on the other side");
    private readonly Option<string?> role = Text("--role", "router|host", "what it is (default router)");
    private readonly Option<string[]> timers = new("--timer")
    {
        Description = $"With --device {Name}: a timer that it is set to, by its name in device.yaml; otherwise the RFC's default",
        HelpName = "NAME=seconds",
    };

    private readonly Option<bool> yes = new("--yes") { Description = $"With --device {Name}: send test frames there without asking" };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        role.AcceptOnlyFromAmong("router", "host");
        foreach (var option in All)
            command.Add(option);
    }

    private IReadOnlyList<Option> All => [interfaceName, address, upstream, upstreamAddress, role, timers, yes];

    /// <summary>Makes sure that none of the options is given for a device of another kind.</summary>
    /// <exception cref="CommandException">One is.</exception>
    public void RefuseFor(ParseResult parsed, string device)
    {
        if (All.FirstOrDefault(each => parsed.GetResult(each) is { Implicit: false }) is { } given)
        {
            throw new CommandException(
                ExitCode.Usage, $"{given.Name} is for a device on a wire, and '{device}' is started in a lab", $"use --device {Name}");
        }
    }

    /// <summary>The device that the options describe, and where it is. Asks whether frames may be sent there.</summary>
    /// <exception cref="CommandException">Something is missing or wrong, or the answer is no.</exception>
    public (Device Device, WiredDevice Place) Find(ParseResult parsed, Dialect dialect, TimeSpan patience, CancellationToken cancellation)
    {
        var lan = parsed.GetValue(interfaceName)
            ?? throw new CommandException(ExitCode.Usage, $"--device {Name} needs --interface", "ip link shows those that there are");
        if (parsed.GetValue(upstream) is null != parsed.GetValue(upstreamAddress) is null)
            throw new CommandException(ExitCode.Usage, "--upstream and --upstream-address go together");
        var asRole = parsed.GetValue(role) == "host" ? DeviceRole.Host : DeviceRole.Router;
        Prefix? given = parsed.GetValue(address) is { } text ? Address(address, text) : null;
        (string, Prefix)? other = parsed.GetValue(upstream) is { } up
            ? (up, Address(upstreamAddress, parsed.GetRequiredValue(upstreamAddress)!))
            : null;
        Wire[] wires = [new Wire("", lan, default), .. other is { } there ? [new Wire("", there.Item1, default)] : (Wire[])[]];
        if (new WireEngine(wires).Check() is { } unfit)
            throw new CommandException(ExitCode.Environment, unfit.Reason, unfit.Remedy);
        var own = Timers(parsed.GetValue(timers) ?? []);
        if (!parsed.GetValue(yes))
            Ask(lan, given, other);
        var at = given ?? Search(lan, asRole, dialect, patience, cancellation);
        var device = new Device
        {
            Name = Name,
            Folder = Name,
            Title = $"The {(asRole == DeviceRole.Host ? "host" : "router")} {at.Address} on {lan}",
            Role = asRole,
            Protocols = [dialect],
            Start = "",
            Timers = own,
            Granularity = UsualGranularity,
            Options = other is null ? [] : ["forward"],
        };
        try
        {
            return (device, new WiredDevice(device, (lan, at), other));
        }
        catch (ArgumentException noRoom)
        {
            throw new CommandException(ExitCode.Usage, noRoom.Message, "give the device another address");
        }
    }

    private static void Ask(string lan, Prefix? device, (string Interface, Prefix)? other)
    {
        var places = other is { } there ? $"{lan} and {there.Interface}" : lan;
        var question = $"The tests send frames on {places} as hosts and routers that do not exist"
            + $"{(device is { } at ? $", from addresses of {at.Normalized}" : "")}: other devices there hear them too.";
        if (Console.IsInputRedirected)
            throw new CommandException(ExitCode.Usage, question, "say that it may be so with --yes");
        Console.Error.Write($"{question} Go on? [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw new CommandException(ExitCode.Usage, "nothing was sent");
    }

    private static Prefix Search(string lan, DeviceRole role, Dialect dialect, TimeSpan patience, CancellationToken cancellation)
    {
        var found = role == DeviceRole.Host
            ? DeviceSearch.Members(lan, dialect, cancellation)
            : DeviceSearch.Queriers(lan, dialect, patience, cancellation);
        return found switch
        {
            [var only] => new Prefix(only, UsualPrefixLength),
            [] when role == DeviceRole.Host => throw new CommandException(
                ExitCode.Environment, $"no host on {lan} has answered a General Query", "give its address with --address"),
            [] => throw new CommandException(
                ExitCode.Environment,
                string.Create(CultureInfo.InvariantCulture, $"nobody on {lan} has queried within {patience.TotalSeconds:0.#} s"),
                "give the router's address with --address, or wait longer with --patience"),
            _ => throw new CommandException(
                ExitCode.Usage, $"several hosts on {lan} have answered: {string.Join(", ", found)}", "choose one with --address"),
        };
    }

    private static Prefix Address(Option option, string text)
    {
        if (Prefix.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : $"{text}/{UsualPrefixLength}", out var prefix)
            && prefix.Address.IsV4)
            return prefix;
        throw new CommandException(ExitCode.Usage, $"{option.Name}: '{text}' is not an address such as 10.0.0.9 or 10.0.0.9/24");
    }

    // What it is not told, it has by the RFC, as far as the suite can know.
    private static Dictionary<string, DeviceTimer> Timers(IEnumerable<string> given)
    {
        var timers = new Dictionary<string, DeviceTimer>();
        foreach (var text in given)
        {
            var (name, value) = text.Split('=') is [var first, var second] ? (first, second) : (text, "");
            if (!DeviceSettings.Names.Contains(name))
            {
                throw new CommandException(
                    ExitCode.Usage, $"--timer: there is no timer '{name}'",
                    Spelling.Nearest(name, DeviceSettings.Names) is { } near ? $"did you mean '{near}'?"
                        : $"there are {string.Join(", ", DeviceSettings.Names)}");
            }

            if (!decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number is <= 0 or > 1_000_000 || (DeviceSettings.IsCount(name) && number != Math.Truncate(number)))
            {
                throw new CommandException(
                    ExitCode.Usage, $"--timer: '{text}' is no value of {name}",
                    DeviceSettings.IsCount(name) ? $"such as {name}=2" : $"in seconds, such as {name}=10");
            }

            timers[name] = new DeviceTimer(number);
        }

        return timers;
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = $"With --device {Name}: {description}", HelpName = value };
}
