using MulticastLab.Daemon.State;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Stacks;

/// <summary>Who speaks IGMP for this host. All calls come from the agent's loop.</summary>
internal interface IHostStack : IDisposable
{
    /// <summary>The name on the command line: kernel, user.</summary>
    string Name { get; }

    /// <summary>The interface.</summary>
    string Interface { get; }

    /// <summary>What the commands have set for a socket and a group; INCLUDE without sources where it has not joined.</summary>
    SourceFilter Filter(string socket, Address group);

    /// <summary>
    /// Replaces mode and list of a socket's membership in one step; joins if it was not joined; INCLUDE without sources leaves.
    /// </summary>
    void Replace(string socket, Address group, SourceFilter filter);

    /// <summary>Allows these sources too, of a group that the socket has joined.</summary>
    void Allow(string socket, Address group, IReadOnlyList<Address> sources);

    /// <summary>Blocks these sources, of a group that the socket has joined.</summary>
    void Block(string socket, Address group, IReadOnlyList<Address> sources);

    /// <summary>The reception state (RFC 9776 §3.2), and any differences.</summary>
    StackState Dump();

    /// <summary>Listens with a socket of its own, which is merged with what the commands have set, until the result is disposed.</summary>
    IReceiver Receive(Address group, ushort port, SourceFilter filter, DatagramHandler handle);

    /// <summary>Leaves every group and calls <paramref name="left"/> when all reports of that have been sent.</summary>
    void LeaveAll(Action left);
}
