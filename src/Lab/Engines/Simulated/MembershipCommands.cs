using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The host agent's commands that change a socket's filter: <c>hostagent join|leave|allow|block GROUP … [--socket NAME]</c>.
/// </summary>
internal static class MembershipCommands
{
    /// <summary>Runs one; null when it succeeded, otherwise the agent's message.</summary>
    /// <param name="host">The node's host agent; null while none runs.</param>
    /// <param name="command">The whole command.</param>
    public static string? Run(SimulatedHost? host, IReadOnlyList<StartupWord> command)
    {
        if (host is null)
            return "hostagent: no host agent runs on this node";
        var (words, socket) = WithoutSocket(command);
        var (verb, group) = (words[1].Text, AddressOf(words[2]));
        var known = host.Filter(socket, group);
        if (verb != "join" && known.IsNone)
            return $"hostagent: {HostSockets.NotJoined(socket, group)}";
        var filter = verb switch
        {
            "join" => Joined(words),
            "leave" when words.Count == 3 => SourceFilter.None,
            "allow" when words.Count > 3 => known.Allowing(Sources(words, first: 3)),
            "block" when words.Count > 3 => known.Blocking(Sources(words, first: 3)),
            _ => throw words[1].Unknown($"this use of 'hostagent {verb}'"),
        };
        try
        {
            host.Listen(socket, group, filter);
            return null;
        }
        catch (ListenException refused)
        {
            return $"hostagent: {refused.Message}";
        }
    }

    // Wherever the option stands.
    private static (IReadOnlyList<StartupWord> Words, string Socket) WithoutSocket(IReadOnlyList<StartupWord> command)
    {
        var words = command.ToList();
        var at = words.FindIndex(each => each.Text == "--socket");
        if (at < 0)
            return (words, HostSockets.Default);
        if (at + 1 == words.Count || !HostSockets.IsName(words[at + 1].Text))
            throw words[at].Unknown("'--socket' without the name of a socket");
        var name = words[at + 1].Text;
        words.RemoveRange(at, 2);
        return (words, name);
    }

    private static SourceFilter Joined(IReadOnlyList<StartupWord> words)
    {
        if (words.Count == 3)
            return SourceFilter.AnySource;
        var mode = words[3].Text switch
        {
            "--include" => FilterMode.Include,
            "--exclude" => FilterMode.Exclude,
            _ => throw words[3].Unknown($"the host agent's option '{words[3].Text}'"),
        };
        return words.Count > 4
            ? SourceFilter.Of(mode, Sources(words, first: 4))
            : throw words[3].Unknown($"'{words[3].Text}' without a source");
    }

    private static IEnumerable<Address> Sources(IReadOnlyList<StartupWord> words, int first) => words.Skip(first).Select(AddressOf);

    private static Address AddressOf(StartupWord word) =>
        Address.TryParse(word.Text, out var address) ? address : throw word.Unknown($"the address '{word.Text}'");
}
