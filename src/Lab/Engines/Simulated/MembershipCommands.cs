using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The host agent's commands that change a group's filter: <c>hostagent join|leave|allow|block GROUP …</c>.</summary>
internal static class MembershipCommands
{
    /// <summary>Runs one; null when it succeeded, otherwise the agent's message.</summary>
    /// <param name="host">The node's host agent; null while none runs.</param>
    /// <param name="words">The whole command.</param>
    public static string? Run(SimulatedHost? host, IReadOnlyList<StartupWord> words)
    {
        if (host is null)
            return "hostagent: no host agent runs on this node";
        var (verb, group) = (words[1].Text, AddressOf(words[2]));
        var known = host.Dump().FirstOrDefault(each => each.Group == group);
        if (verb != "join" && known is null)
            return $"hostagent: {group} is not joined";
        var filter = verb switch
        {
            "join" => Joined(words),
            "leave" when words.Count == 3 => SourceFilter.None,
            "allow" when words.Count > 3 => known!.Filter.Allowing(Sources(words, first: 3)),
            "block" when words.Count > 3 => known!.Filter.Blocking(Sources(words, first: 3)),
            _ => throw words[1].Unknown($"this use of 'hostagent {verb}'"),
        };
        try
        {
            host.Listen(group, filter);
            return null;
        }
        catch (ListenException refused)
        {
            return $"hostagent: {refused.Message}";
        }
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
