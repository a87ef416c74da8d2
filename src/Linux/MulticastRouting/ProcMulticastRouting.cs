using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>A line of <c>/proc/net/ip_mr_vif</c>.</summary>
/// <param name="Number">The VIF.</param>
/// <param name="Interface">The interface's name, <c>none</c> when it is gone.</param>
/// <param name="Counts">What has gone through it.</param>
/// <param name="Flags">VIFF_….</param>
public readonly record struct ProcVif(int Number, string Interface, VifCounts Counts, int Flags);

/// <summary>A line of <c>/proc/net/ip_mr_cache</c>.</summary>
/// <param name="Entry">The entry; only source and group are meaningful while it is unresolved.</param>
/// <param name="IsResolved">Whether it is resolved.</param>
/// <param name="Counts">What it has seen.</param>
public readonly record struct ProcMulticastRoute(MfcEntry Entry, bool IsResolved, MfcCounts Counts);

/// <summary>
/// Reads the default table where programs have always looked: <c>/proc/net/ip_mr_vif</c> and <c>ip_mr_cache</c> of the calling thread's
/// namespace.
/// </summary>
public static class ProcMulticastRouting
{
    private const string Folder = "/proc/thread-self/net/";

    /// <summary>The VIFs.</summary>
    /// <exception cref="IOException">The kernel does no multicast routing.</exception>
    public static IReadOnlyList<ProcVif> ReadVifs() => Rows("ip_mr_vif", ParseVif);

    /// <summary>The entries.</summary>
    /// <exception cref="IOException">The kernel does no multicast routing.</exception>
    public static IReadOnlyList<ProcMulticastRoute> ReadRoutes() => Rows("ip_mr_cache", ParseRoute);

    // Interface BytesIn PktsIn BytesOut PktsOut Flags Local Remote, behind the number.
    internal static ProcVif ParseVif(string line)
    {
        var words = Words(line);
        return new ProcVif(
            (int)Number(words[0]), words[1], new VifCounts(Number(words[3]), Number(words[5]), Number(words[2]), Number(words[4])),
            (int)Hexadecimal(words[6]));
    }

    // Group Origin Iif Pkts Bytes Wrong, then "vif:threshold" for each where packets go out. Iif is -1 while unresolved.
    internal static ProcMulticastRoute ParseRoute(string line)
    {
        var words = Words(line);
        var incoming = (int)Number(words[2]);
        var outgoing = OutgoingInterfaces.None;
        foreach (var word in words.AsSpan(6))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            outgoing[(int)Number(word[..colon])] = (byte)Number(word[(colon + 1)..]);
        }

        var (packets, bytes, wrong) = (Number(words[3]), Number(words[4]), Number(words[5]));
        return new ProcMulticastRoute(
            new MfcEntry(ReadAddress(words[1]), ReadAddress(words[0]), Math.Max(0, incoming), outgoing), incoming >= 0,
            new MfcCounts(packets - wrong, bytes, wrong));
    }

    private static T[] Rows<T>(string file, Func<string, T> parse) => [.. File.ReadLines(Folder + file).Skip(1).Select(parse)];

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static uint Hexadecimal(string text) => uint.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // The bytes of the address as a number of this machine.
    private static Address ReadAddress(string text) => Address.Read(BitConverter.GetBytes(Hexadecimal(text)));
}
