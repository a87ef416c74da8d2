using System.Runtime.InteropServices;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Privileges;

/// <summary>
/// The privileges of the calling thread, and of the threads and programs that it starts from then on. Linux has them per thread: what is
/// given up here stays with the threads that are there already. A program that is executed begins with one thread, which has those of the
/// caller.
/// </summary>
public static unsafe class ThreadPrivileges
{
    private const uint Version3 = 0x2008_0522; // _LINUX_CAPABILITY_VERSION_3
    private const int KeepCapabilities = 8; // PR_SET_KEEPCAPS
    private const int ReadBounding = 23; // PR_CAPBSET_READ
    private const int DropBounding = 24; // PR_CAPBSET_DROP
    private const int SetNoNewPrivileges = 38; // PR_SET_NO_NEW_PRIVS
    private const int Ambient = 47; // PR_CAP_AMBIENT
    private const int RaiseAmbient = 2; // PR_CAP_AMBIENT_RAISE
    private const int ClearAmbient = 4; // PR_CAP_AMBIENT_CLEAR_ALL
    private const int Numbers = 64;

    /// <summary>The effective set: what it may use.</summary>
    public static CapabilitySet Permitted
    {
        get
        {
            var header = new CapabilityHeader { Version = Version3 };
            var data = stackalloc CapabilityData[2];
            LinuxException.ThrowIfFailed(Libc.GetCapabilities(&header, data), "capget");
            return new CapabilitySet(data[0].Permitted | ((ulong)data[1].Permitted << 32));
        }
    }

    /// <summary>The bounding set: what it, and what it executes, could ever have.</summary>
    public static CapabilitySet Bounding
    {
        get
        {
            var bits = 0UL;
            for (var number = 0; number < Numbers; number++)
            {
                if (Libc.ProcessControl(ReadBounding, number, 0, 0, 0) == 1)
                    bits |= 1UL << number;
            }

            return new CapabilitySet(bits);
        }
    }

    /// <summary>Lowers the bounding set. Needs <see cref="Capability.SetCapabilities"/>.</summary>
    /// <exception cref="LinuxException">Not allowed.</exception>
    public static void Bound(CapabilitySet most)
    {
        var bounding = Bounding;
        for (var number = 0; number < Numbers; number++)
        {
            var bit = new CapabilitySet(1UL << number);
            if (bit.IsWithin(bounding) && !bit.IsWithin(most))
                LinuxException.ThrowIfFailed(Libc.ProcessControl(DropBounding, number, 0, 0, 0), "prctl(PR_CAPBSET_DROP)");
        }
    }

    /// <summary>
    /// Makes these the permitted, effective and inheritable capabilities, and the ambient ones, so that a program that an ordinary user
    /// executes has them too.
    /// </summary>
    /// <exception cref="LinuxException">Not allowed: some are not permitted.</exception>
    public static void Hold(CapabilitySet capabilities)
    {
        LinuxException.ThrowIfFailed(Libc.ProcessControl(Ambient, ClearAmbient, 0, 0, 0), "prctl(PR_CAP_AMBIENT_CLEAR_ALL)");
        var header = new CapabilityHeader { Version = Version3 };
        var data = stackalloc CapabilityData[2];
        for (var half = 0; half < 2; half++)
        {
            var bits = (uint)(capabilities.Bits >> (32 * half));
            data[half] = new CapabilityData { Effective = bits, Permitted = bits, Inheritable = bits };
        }

        LinuxException.ThrowIfFailed(Libc.SetCapabilities(&header, data), "capset");
        for (var number = 0; number < Numbers; number++)
        {
            if (new CapabilitySet(1UL << number).IsWithin(capabilities))
                LinuxException.ThrowIfFailed(Libc.ProcessControl(Ambient, RaiseAmbient, number, 0, 0), "prctl(PR_CAP_AMBIENT_RAISE)");
        }
    }

    /// <summary>
    /// From now on no program that is executed has more privileges than this one: set-user-ID bits and file capabilities have no effect.
    /// </summary>
    /// <exception cref="LinuxException">The kernel does not know it.</exception>
    public static void ForbidNew() =>
        LinuxException.ThrowIfFailed(Libc.ProcessControl(SetNoNewPrivileges, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");

    /// <summary>Becomes another user, in that user's own group alone, and keeps the permitted capabilities.</summary>
    /// <exception cref="LinuxException">Not allowed.</exception>
    public static void Become(UserAccount user)
    {
        ArgumentNullException.ThrowIfNull(user);
        LinuxException.ThrowIfFailed(Libc.ProcessControl(KeepCapabilities, 1, 0, 0, 0), "prctl(PR_SET_KEEPCAPS)");
        var group = user.Group;
        LinuxException.ThrowIfFailed(Libc.SetGroups(1, &group), "setgroups", user.Name);
        LinuxException.ThrowIfFailed(Libc.SetGroup(group, group, group), "setresgid", user.Name);
        LinuxException.ThrowIfFailed(Libc.SetUser(user.Id, user.Id, user.Id), "setresuid", user.Name);
    }

    /// <summary>
    /// Re-executes this program in this process, with the same arguments and environment and the privileges of this thread alone.
    /// </summary>
    /// <exception cref="LinuxException">It cannot be executed; otherwise this does not return.</exception>
    /// <param name="unlessSet">Variables for the environment where it does not have them.</param>
    public static void ExecuteAnew(params IEnumerable<(string Name, string Value)> unlessSet)
    {
        ArgumentNullException.ThrowIfNull(unlessSet);
        var program = Environment.ProcessPath ?? throw new LinuxException("readlink", Errno.NoSuchFile, "/proc/self/exe");
        var present = Environment.GetEnvironmentVariables();
        var variables = present.Keys.Cast<string>().ToDictionary(key => key, key => (string)present[key]!);
        foreach (var (name, value) in unlessSet)
            variables.TryAdd(name, value);
        Spawner.Replace(program, File.ReadAllText("/proc/self/cmdline").TrimEnd('\0').Split('\0')[1..], variables);
    }
}

/// <summary>struct __user_cap_header_struct.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityHeader
{
    public uint Version;
    public int Thread;
}

/// <summary>struct __user_cap_data_struct.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityData
{
    public uint Effective;
    public uint Permitted;
    public uint Inheritable;
}
