using System.Globalization;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Multicast;

/// <summary>A source in the kernel's merged filter of a group.</summary>
/// <param name="Including">How many sockets include it.</param>
/// <param name="Excluding">How many sockets exclude it.</param>
public readonly record struct SourceUse(int Including, int Excluding);

/// <summary>
/// The kernel's state of an interface's memberships, all sockets of the host together: <c>/proc/net/igmp</c> and
/// <c>/proc/net/mcfilter</c>.
/// </summary>
public sealed class KernelMemberships
{
    // Of the calling thread's network namespace, which may not be that of the process.
    private const string Folder = "/proc/thread-self/net";

    private readonly Dictionary<Address, int> users = [];
    private readonly Dictionary<(Address Group, Address Source), SourceUse> sources = [];

    /// <summary>The groups, and how many sockets have joined each; those that every host joins (224.0.0.1) included.</summary>
    public IReadOnlyDictionary<Address, int> Users => users;

    /// <summary>The sources that are named in a filter of any socket.</summary>
    public IReadOnlyDictionary<(Address Group, Address Source), SourceUse> Sources => sources;

    /// <summary>The IGMP version that the kernel speaks on the interface now: forced, or by the queriers heard (RFC 9776 §7.2.1).</summary>
    public int Version { get; private set; } = 3;

    /// <summary>Reads both files.</summary>
    public static KernelMemberships Read(string interfaceName) =>
        Parse(interfaceName, File.ReadLines(Path.Combine(Folder, "igmp")), File.ReadLines(Path.Combine(Folder, "mcfilter")));

    /// <summary>Reads the text of both files.</summary>
    internal static KernelMemberships Parse(string interfaceName, IEnumerable<string> igmp, IEnumerable<string> filters)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        var read = new KernelMemberships();
        var here = false;
        foreach (var line in igmp.Skip(1))
        {
            var fields = line.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries);
            // A device's line begins with its index, its groups' lines with white space.
            if (!char.IsWhiteSpace(line[0]))
            {
                here = fields[1] == interfaceName;
                if (here)
                    read.Version = int.Parse(fields[^1].AsSpan(1), CultureInfo.InvariantCulture);
            }
            else if (here)
                read.users[Swapped(fields[0])] = int.Parse(fields[1], CultureInfo.InvariantCulture);
        }

        foreach (var line in filters.Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1] == interfaceName)
            {
                read.sources[(Plain(fields[2]), Plain(fields[3]))] =
                    new SourceUse(int.Parse(fields[4], CultureInfo.InvariantCulture), int.Parse(fields[5], CultureInfo.InvariantCulture));
            }
        }

        return read;
    }

    // /proc/net/igmp prints the 32 bits as the machine reads them, mcfilter in network order.
    private static Address Swapped(string hex)
    {
        var bits = uint.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return Address.FromV4(BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits) : bits);
    }

    private static Address Plain(string hex) =>
        Address.FromV4(uint.Parse(hex.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}
