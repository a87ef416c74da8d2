using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Scenarios.Evidence;

/// <summary>What an annotated capture is made of.</summary>
internal interface IRunEvidence
{
    /// <summary>What was wired.</summary>
    Topology Topology { get; }

    /// <summary>The steps; 0 is what came before the first.</summary>
    IReadOnlyList<RunStep> Steps { get; }

    /// <summary>Every frame of every LAN, in time order.</summary>
    IReadOnlyList<SeenFrame> Frames { get; }

    /// <summary>All that was expected.</summary>
    IReadOnlyList<Expectation> Expectations { get; }
}
