using MulticastLab.Lab.Devices;
using MulticastLab.Membership;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>One mistake that a device makes which is otherwise right: ours, in the simulated world.</summary>
/// <param name="Name">What it does, in a few words with hyphens.</param>
internal sealed record Mistake(string Name)
{
    /// <summary>What becomes of the IGMP messages that it sends.</summary>
    public Func<IgmpFrame, IEnumerable<IgmpFrame>> Sends { get; init; } = frame => [frame];

    /// <summary>What it understands instead of the IGMP messages that it gets.</summary>
    public Func<IgmpFrame, IEnumerable<IgmpFrame>> Gets { get; init; } = frame => [frame];

    /// <summary>What it sends at once in answer to the IGMP messages that it gets, in packets like theirs, from its own address.</summary>
    public Func<IgmpFrame, IEnumerable<IgmpFrame>> Answers { get; init; } = _ => [];

    /// <summary>What it takes the bytes of a frame for.</summary>
    public Action<byte[]> Reads { get; init; } = _ => { };

    /// <summary>What it is told to listen to, one after the other, instead of a filter.</summary>
    public Func<SourceFilter, IEnumerable<SourceFilter>> Listens { get; init; } = filter => [filter];

    /// <summary>Which of the datagrams that it should forward it does forward, by source and group.</summary>
    public Func<Address, Address, bool> Forwards { get; init; } = (_, _) => true;

    /// <summary>Which datagrams it forwards in any case.</summary>
    public Func<Address, Address, bool> Floods { get; init; } = (_, _) => false;

    /// <summary>What it shows of its state on an interface.</summary>
    public Func<InterfaceState, InterfaceState> Shows { get; init; } = state => state;

    /// <summary>What it makes of the timers that it is asked for.</summary>
    public Func<Timing, Timing> Timers { get; init; } = timing => timing;

    /// <summary>What it makes of other settings.</summary>
    public Func<DeviceStart, DeviceStart> Settings { get; init; } = how => how;

    public override string ToString() => Name;
}
