using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Privileges;

/// <summary>A user of this system.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">The user's number.</param>
/// <param name="Group">The number of the user's own group.</param>
public sealed record UserAccount(string Name, uint Id, uint Group)
{
    /// <summary>Whether this process is that user already.</summary>
    public bool IsCurrent => Libc.EffectiveUser() == Id;

    /// <summary>Looks a user up, wherever the system keeps its users.</summary>
    /// <returns>The user; null when there is none of that name.</returns>
    public static unsafe UserAccount? Find(string name)
    {
        var found = Libc.FindUser(name);
        return found is null ? null : new UserAccount(name, found->Id, found->Group);
    }
}

/// <summary>The beginning of struct passwd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UserEntry
{
    public byte* Name;
    public byte* Password;
    public uint Id;
    public uint Group;
}
