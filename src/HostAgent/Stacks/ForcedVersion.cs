using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>The kernel's <c>force_igmp_version</c> of one interface, changed for as long as the agent runs.</summary>
internal sealed class ForcedVersion
{
    private readonly KernelSetting setting;
    private readonly long former;

    private ForcedVersion(KernelSetting setting, long former)
    {
        this.setting = setting;
        this.former = former;
    }

    /// <summary>Sets it. Version 3 is set as 0, the kernel's default; to the kernel its 3 means the same (tried with 6.18).</summary>
    /// <exception cref="LinuxException">Not allowed here.</exception>
    public static ForcedVersion Set(string interfaceName, int version)
    {
        var setting = new KernelSetting($"net/ipv4/conf/{interfaceName}/force_igmp_version");
        var former = setting.Read();
        var wanted = version == 3 ? 0 : version;
        if (former != wanted)
            setting.Write(wanted);
        return new ForcedVersion(setting, former);
    }

    /// <summary>Puts back what was there.</summary>
    /// <exception cref="LinuxException">Not allowed any more.</exception>
    public void Restore()
    {
        try
        {
            setting.Write(former);
        }
        catch (LinuxException exception) when (exception.Error == Errno.NoSuchFile)
        {
            // The interface is gone, and its settings with it.
        }
    }
}
