using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MulticastLab.Daemon.Control;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Commands;

/// <summary>A group and a UDP port.</summary>
internal readonly record struct GroupPort(Address Group, ushort Port);

/// <summary>The arguments and options that several commands share. Wrong values are usage errors that name the value.</summary>
internal static class Arguments
{
    /// <summary>The daemon's name, from which the control socket's place follows.</summary>
    public const string DaemonName = "hostagent";

    /// <summary><c>GROUP</c>.</summary>
    public static Argument<Address> Group() => new("GROUP")
    {
        Description = "The group: 224.0.0.0 to 239.255.255.255.",
        CustomParser = result => Parse(result, ListenRules.Group),
    };

    /// <summary><c>GROUP[:PORT]</c>.</summary>
    public static Argument<GroupPort> GroupPort() => new("GROUP[:PORT]")
    {
        Description = $"The group, and the UDP port; default port {StreamDatagram.DefaultPort}.",
        CustomParser = result => Parse(result, ReadGroupPort),
    };

    /// <summary>Sources, as an argument.</summary>
    public static Argument<Address[]> Sources(ArgumentArity arity) => new("SRC")
    {
        Description = "The sources: unicast addresses.",
        Arity = arity,
        CustomParser = ParseSources,
    };

    /// <summary>One source or more, as an option.</summary>
    public static Option<Address[]> Sources(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SRC",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseSources,
    };

    /// <summary><c>--socket NAME</c>.</summary>
    public static Option<string?> Socket() => new("--socket")
    {
        Description = "The socket that does it, by any name; the filters of all sockets are merged (RFC 9776 §3.2).",
        HelpName = "NAME",
        CustomParser = result => Parse(result, ListenRules.Socket),
    };

    /// <summary><c>--source ADDR</c>.</summary>
    public static Option<Address?> Source() => new("--source")
    {
        Description = "The source address: one of this host's; default the interface's own.",
        HelpName = "ADDR",
        CustomParser = result => Parse<Address?>(result, text => ListenRules.Source(text)),
    };

    /// <summary><c>--control PATH</c>.</summary>
    public static Option<string?> Control() => new("--control")
    {
        Description = "The agent's control socket; default /run/multicast-lab/hostagent.sock.",
        HelpName = "PATH",
    };

    /// <summary><c>--interface NAME</c>.</summary>
    public static Option<string?> Interface(string description) => new("--interface") { Description = description, HelpName = "NAME" };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "JSON on stdout." };

    /// <summary>A whole number within bounds, as an option.</summary>
    public static Option<long?> Number(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<long?>(result, text =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw ControlException.Usage($"{name} is a whole number from {least} to {most}, not '{text}'")),
    };

    /// <summary>The agent's control socket: as named, or the default one.</summary>
    public static string ControlPath(string? named) => named ?? ControlPaths.ForClient(DaemonName);

    private static GroupPort ReadGroupPort(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return new GroupPort(ListenRules.Group(text), StreamDatagram.DefaultPort);
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw ControlException.Usage($"the port of '{text}' is not a number from 1 to 65535");
        return new GroupPort(ListenRules.Group(text[..colon]), port);
    }

    private static Address[] ParseSources(ArgumentResult result) =>
        [.. result.Tokens.Select(token => Parse(result, token.Value, ListenRules.Source))];

    private static T? Parse<T>(ArgumentResult result, Func<string, T> read) => Parse(result, result.Tokens[0].Value, read);

    private static T? Parse<T>(ArgumentResult result, string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (ControlException refused)
        {
            result.AddError(refused.Message);
            return default;
        }
    }
}
