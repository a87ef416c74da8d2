using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Multicast;

/// <summary>The kernel's limits on a socket's memberships, which are low by default: 20 groups, 10 sources each.</summary>
public static class MulticastLimits
{
    private const int ManyMemberships = 4096;

    /// <summary>How many groups one socket may be a member of.</summary>
    public static KernelSetting Memberships { get; } = new("net/ipv4/igmp_max_memberships");

    /// <summary>How many sources one socket's filter of one group may list.</summary>
    public static KernelSetting Sources { get; } = new("net/ipv4/igmp_max_msf");

    /// <summary>How many bytes a socket's options may take: 128 per source of a filter that is set as a whole, and 144.</summary>
    public static KernelSetting OptionMemory { get; } = new("net/core/optmem_max");

    /// <summary>
    /// Lifts the limits of this network namespace so that a filter may list this many sources, and a socket join thousands of groups. They
    /// stay lifted.
    /// </summary>
    /// <returns>What could not be lifted, each with its present value, in words; empty when all could.</returns>
    public static IReadOnlyList<string> Lift(int sources)
    {
        var refused = new List<string>();
        LiftTo(Memberships, ManyMemberships);
        LiftTo(Sources, sources);
        LiftTo(OptionMemory, 4096 + (144L * sources));
        return refused;

        void LiftTo(KernelSetting setting, long wanted)
        {
            try
            {
                if (setting.Read() < wanted)
                    setting.Write(wanted);
            }
            catch (LinuxException exception)
            {
                refused.Add($"{setting.Name} stays at {Present(setting)}: {exception.Message}");
            }
        }
    }

    private static string Present(KernelSetting setting)
    {
        try
        {
            return setting.Read().ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (LinuxException)
        {
            return "an unknown value";
        }
    }
}
