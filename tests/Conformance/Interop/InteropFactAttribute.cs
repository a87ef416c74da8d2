using System.Runtime.CompilerServices;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using Xunit;

namespace MulticastLab.Conformance.Interop;

/// <summary>A test beside a router of another vendor; skipped, with the reason, where it or real namespaces are unavailable.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute(PeerName name, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        var peer = name == PeerName.Frr ? Peer.Frr : Peer.Pimd;
        if (EngineAvailability.Check() is { } unfitness)
            Skip = $"{unfitness.Reason} {unfitness.Remedy}";
        else if (peer.Missing is { } missing)
            Skip = missing;
        else if (Privilege.InUserNamespace)
            Skip = $"{peer} gives up root for a user of its own, which a user namespace does not have: run as root.";
    }
}

/// <summary>The peers, for attributes.</summary>
internal enum PeerName
{
    /// <summary>FRR.</summary>
    Frr,

    /// <summary>troglobit's pimd.</summary>
    Pimd,
}
