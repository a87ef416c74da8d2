using System.Globalization;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The user that this process runs as.</summary>
internal static class Privilege
{
    private const int SystemAdministration = 21; // CAP_SYS_ADMIN
    private const int NetworkAdministration = 12; // CAP_NET_ADMIN

    /// <summary>Whether this process lives in a user namespace of its own: root there is an ordinary user outside.</summary>
    internal static bool InUserNamespace { get; } = ReadUserMap() is not [0, 0, uint.MaxValue];

    /// <summary>The user id as the machine knows it.</summary>
    internal static uint UserOutside { get; } = (uint)(ReadUserMap() is [0, var outside, < uint.MaxValue] ? outside : ReadUserId());

    /// <summary>Whether namespaces can be made with the privileges of this process.</summary>
    internal static bool CanMakeNamespaces { get; } =
        (ReadCapabilities() is var held) && (held >> SystemAdministration & 1) != 0 && (held >> NetworkAdministration & 1) != 0;

    /// <summary>The first line of the map: first id inside, first id outside, count.</summary>
    private static long[] ReadUserMap() =>
        [.. File.ReadLines("/proc/self/uid_map").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(each => long.Parse(each, CultureInfo.InvariantCulture))];

    private static long ReadUserId() => long.Parse(ReadStatus("Uid:").Split('\t')[0], CultureInfo.InvariantCulture);

    private static ulong ReadCapabilities() =>
        ulong.Parse(ReadStatus("CapEff:"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string ReadStatus(string key) =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Trim();
}
