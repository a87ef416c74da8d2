using System.Runtime.InteropServices;
using MulticastLab.Linux.Privileges;

namespace MulticastLab.Linux.Posix;

/// <summary>The calls about users and capabilities.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, EntryPoint = "capget", SetLastError = true)]
    public static partial int GetCapabilities(CapabilityHeader* header, CapabilityData* data);

    [LibraryImport(Library, EntryPoint = "capset", SetLastError = true)]
    public static partial int SetCapabilities(CapabilityHeader* header, CapabilityData* data);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport(Library, EntryPoint = "setgroups", SetLastError = true)]
    public static partial int SetGroups(nuint count, uint* groups);

    [LibraryImport(Library, EntryPoint = "setresgid", SetLastError = true)]
    public static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport(Library, EntryPoint = "setresuid", SetLastError = true)]
    public static partial int SetUser(uint real, uint effective, uint saved);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial UserEntry* FindUser(string name);
}
