namespace MulticastLab.Linux.Namespaces;

/// <summary>Kinds of Linux namespaces, with the kernel's CLONE_NEW… values.</summary>
[Flags]
public enum NamespaceKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Mounts.</summary>
    Mount = 0x0002_0000,

    /// <summary>Host name.</summary>
    Uts = 0x0400_0000,

    /// <summary>Process ids. A thread's own never changes: the new one is that of its children.</summary>
    ProcessId = 0x2000_0000,

    /// <summary>Network devices, addresses, routes, sockets.</summary>
    Network = 0x4000_0000,
}
