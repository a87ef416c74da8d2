using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>Finds reverse paths: the kernel's unicast routes, or those of a simulated router.</summary>
public interface IReversePathLookup
{
    /// <summary>The current reverse path to a source.</summary>
    ReversePath Find(Address source);
}
