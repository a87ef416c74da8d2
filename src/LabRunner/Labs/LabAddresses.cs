using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Labs;

/// <summary>The addresses that the interfaces of a running lab have.</summary>
internal static class LabAddresses
{
    /// <summary>The IPv4 addresses of an interface, with prefix lengths.</summary>
    public static IReadOnlyList<(Address Address, int PrefixLength)> Of(NamespacesLab lab, string node, string interfaceName) =>
        lab.Addresses(node).TryGetValue(interfaceName, out var addresses)
            ? [.. addresses.Where(each => each.Address.IsV4).Select(each => (each.Address, (int)each.PrefixLength))]
            : [];
}
