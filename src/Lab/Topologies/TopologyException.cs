namespace MulticastLab.Lab.Topologies;

/// <summary>A topology folder cannot be used: everything that is wrong with it, not only the first thing.</summary>
public sealed class TopologyException : Exception
{
    /// <summary>Made of at least one problem.</summary>
    public TopologyException(IReadOnlyList<TopologyProblem> problems)
        : base(string.Join('\n', problems))
    {
        Problems = problems;
    }

    /// <summary>What is wrong, in the order of the files' lines.</summary>
    public IReadOnlyList<TopologyProblem> Problems { get; }
}
