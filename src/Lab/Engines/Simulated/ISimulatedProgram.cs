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

/// <summary>What a simulated program has of its node.</summary>
public interface ISimulatedMachine
{
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
