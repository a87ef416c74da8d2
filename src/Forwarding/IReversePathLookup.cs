using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>Finds reverse paths: the kernel's unicast routes, or those of a simulated router.</summary>
public interface IReversePathLookup
{
    /// <summary>The reverse path to a source as of now.</summary>
    ReversePath Find(Address source);
}
