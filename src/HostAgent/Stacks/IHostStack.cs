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

    /// <summary>The filters that the agent's commands have set, by group; only groups that are joined.</summary>
    IReadOnlyDictionary<Address, SourceFilter> Filters { get; }

    /// <summary>Replaces mode and list of a group in one step; joins it if it was not joined; INCLUDE without sources leaves.</summary>
    void Replace(Address group, SourceFilter filter);

    /// <summary>Allows these sources of a joined group too.</summary>
    void Allow(Address group, IReadOnlyList<Address> sources);

    /// <summary>Blocks these sources of a joined group.</summary>
    void Block(Address group, IReadOnlyList<Address> sources);

    /// <summary>The reception state (RFC 9776 §3.2), and any differences.</summary>
    StackState Dump();

    /// <summary>Listens with a socket of its own, which is merged with what the commands have set, until the result is disposed.</summary>
    IReceiver Receive(Address group, ushort port, SourceFilter filter, DatagramHandler handle);

    /// <summary>Leaves every group and calls <paramref name="left"/> when all reports of that have been sent.</summary>
    void LeaveAll(Action left);
}
