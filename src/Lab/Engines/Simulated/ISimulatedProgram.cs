using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// A program of a simulated node that is neither our router nor our host agent: a device with faults of its own, written for the simulated
/// world. It gets frames and sends frames, and its time is the lab's.
/// </summary>
public interface ISimulatedProgram
{
    /// <summary>A frame has arrived at an interface: everything that the LAN carries there, as at a promiscuous one.</summary>
    void Receive(string interfaceName, ReadOnlyMemory<byte> frame);

    /// <summary>It is killed: nothing of it happens any more.</summary>
    void End();
}

/// <summary>A program that can be told what to listen to: see <c>listen</c> in <c>device.yaml</c>.</summary>
public interface ISimulatedListener : ISimulatedProgram
{
    /// <summary>Sets the filter of one of its sockets for a group (RFC 9776 §2); INCLUDE without sources closes it.</summary>
    void Listen(string socket, Address group, SourceFilter filter);
}

/// <summary>What a simulated program has of its node.</summary>
public interface ISimulatedMachine
{
    /// <summary>What follows the program's name in <c>simulated</c> of <c>device.yaml</c>.</summary>
    IReadOnlyList<string> Arguments { get; }

    /// <summary>The timers and options that it is asked for, by the names of the variables of a device's <c>start</c> command.</summary>
    IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>The present.</summary>
    Instant Now { get; }

    /// <summary>The interfaces.</summary>
    IReadOnlyList<string> Interfaces { get; }

    /// <summary>The Ethernet address of an interface.</summary>
    MacAddress MacOf(string interfaceName);

    /// <summary>The first address of an interface; null while it has none.</summary>
    Address? AddressOf(string interfaceName);

    /// <summary>Sends a frame out of an interface.</summary>
    void Send(string interfaceName, ReadOnlyMemory<byte> frame);

    /// <summary>Has something done at a later time, unless the program is killed before.</summary>
    void At(Instant when, Action what);
}
