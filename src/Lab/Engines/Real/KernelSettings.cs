using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The kernel settings (sysctl) of a network namespace, written by a thread that is in it.</summary>
internal static class KernelSettings
{
    /// <summary>The fabric: bridges and ports that never speak for themselves.</summary>
    internal static void ApplyToFabric()
    {
        SilenceIpv6();
        Write("net.ipv4.ip_forward", "0");
    }

    /// <summary>
    /// A node. The initial settings of a new namespace follow the host's own (net.core.devconf_inherit_init_net), so everything that a
    /// lab depends on is written.
    /// </summary>
    /// <exception cref="LabSetupException">The topology asks for a setting that is not there, or not a node's own.</exception>
    internal static void ApplyTo(Node node)
    {
        // No MLD reports, router solicitations or duplicate address detection, unless the topology wants IPv6.
        if (!IsOn(node, "ipv6"))
            SilenceIpv6();
        Write("net.ipv4.ip_forward", node.Kind is NodeKind.Host or NodeKind.Switch ? "0" : "1");
        foreach (var interfaces in (ReadOnlySpan<string>)["all", "default"])
        {
            // Multicast from a source behind another interface is what the labs are about.
            Write($"net.ipv4.conf.{interfaces}.rp_filter", "0");
            Write($"net.ipv4.conf.{interfaces}.force_igmp_version", "0");
        }

        // The kernel of a router or switch must not answer for the groups 224.0.0.x that its daemons join.
        Write("net.ipv4.igmp_link_local_mcast_reports", node.Kind == NodeKind.Host ? "1" : "0");
        foreach (var setting in node.Options.GetValueOrDefault("sysctl") ?? [])
            ApplyOption(node.Name, setting);
    }

    private static void ApplyOption(string node, string setting)
    {
        var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
        var name = parts[0].Replace('/', '.');
        if (parts.Length != 2 || !name.StartsWith("net.", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
            throw new LabSetupException(
                $"{node}: sysctl \"{setting}\": a node has settings of its own below net. only, written net.…=value.");
        try
        {
            Write(name, parts[1]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new LabSetupException($"{node}: sysctl \"{setting}\": {refused.Message}", refused);
        }
    }

    private static void SilenceIpv6()
    {
        // A kernel without IPv6 is silent anyway.
        if (!Directory.Exists("/proc/sys/net/ipv6"))
            return;
        Write("net.ipv6.conf.all.disable_ipv6", "1");
        Write("net.ipv6.conf.default.disable_ipv6", "1");
    }

    private static bool IsOn(Node node, string option) =>
        node.Options.TryGetValue(option, out var values) && values is [.., var last] && NodeOption.IsTrue(last);

    private static void Write(string name, string value) => File.WriteAllText("/proc/sys/" + name.Replace('.', '/'), value);
}
