using System.Text.RegularExpressions;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>The addresses that a node's startup file gives to its interfaces, as far as plain <c>ip address add</c> lines tell.</summary>
public static partial class StartupAddresses
{
    /// <summary>The first address of the interface with its prefix length; null when the file does not tell.</summary>
    public static string? Of(Node node, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.StartupFile is null)
            return null;
        return FileText.ScriptLines(node.StartupFile, File.ReadAllBytes(node.StartupFile)).Select(line => AddressLine().Match(line))
            .Where(match => match.Success && match.Groups["interface"].Value == interfaceName)
            .Select(match => match.Groups["address"].Value)
            .FirstOrDefault();
    }

    [GeneratedRegex(
        @"^\s*ip\s+(-\S+\s+)*a(ddr(ess)?)?\s+(a(dd)?|replace)\s+(?<address>[0-9a-fA-F.:]+(/[0-9]+)?)\s(.*\s)?dev\s+(?<interface>[^\s;]+)")]
    private static partial Regex AddressLine();
}
