using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// The sockets of a host by name: whoever drives a host names them, its <see cref="HostInterface"/> knows them by number.
/// </summary>
public sealed class HostSockets
{
    /// <summary>The name of the socket that is meant where none is named.</summary>
    public const string Default = "1";

    private const int LongestName = 32;

    private readonly SortedDictionary<string, int> numbers = new(StringComparer.Ordinal);
    private int last;

    /// <summary>The numbers of those with a name, in the order of their names.</summary>
    public IReadOnlyDictionary<string, int> Named => numbers;

    /// <summary>The number of a socket, which is always the same.</summary>
    public int this[string name] => numbers.TryGetValue(name, out var known) ? known : numbers[name] = Add();

    /// <summary>A socket without a name.</summary>
    /// <returns>Its number.</returns>
    public int Add() => ++last;

    /// <summary>Whether a text names a socket: 1 to 32 letters, digits, hyphens, underscores and dots.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= LongestName && text.All(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' or '.');
    }

    /// <summary>What is said of a socket that was to change its filter for a group, and has none.</summary>
    public static string NotJoined(string socket, Address group) =>
        socket == Default ? $"{group} is not joined" : $"{group} is not joined by socket {socket}";
}
