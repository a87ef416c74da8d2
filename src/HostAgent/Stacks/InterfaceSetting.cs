using MulticastLab.Linux.Posix;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>A kernel setting of one interface, changed for as long as the agent runs.</summary>
internal sealed class InterfaceSetting
{
    private readonly KernelSetting setting;
    private readonly long former;

    private InterfaceSetting(string interfaceName, string name, long value)
    {
        setting = new KernelSetting($"net/ipv4/conf/{interfaceName}/{name}");
        former = setting.Read();
        if (former != value)
            setting.Write(value);
    }

    /// <summary>
    /// Forces a version. Version 3 is set as 0, the kernel's default; to the kernel its 3 means the same (tried with 6.18).
    /// </summary>
    /// <exception cref="LinuxException">Not allowed here.</exception>
    public static InterfaceSetting ForceVersion(string interfaceName, int version) =>
        new(interfaceName, "force_igmp_version", version == 3 ? 0 : version);

    /// <summary>Sets the Unsolicited Report Interval of version 3 (RFC 9776 §8.11), which the kernel counts in milliseconds.</summary>
    /// <exception cref="LinuxException">Not allowed here.</exception>
    public static InterfaceSetting UnsolicitedReportInterval(string interfaceName, TimeSpan interval) =>
        new(interfaceName, "igmpv3_unsolicited_report_interval", (long)interval.TotalMilliseconds);

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
