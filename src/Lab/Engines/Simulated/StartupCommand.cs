using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A word of a startup file and where it stands.</summary>
internal readonly record struct StartupWord(string Text, string File, int Line, int Column)
{
    public TopologyException Unknown(string what, string? suggestion = null) =>
        new([new TopologyProblem(File, Line, Column, $"the simulated engine does not know {what}", suggestion)]);
}

/// <summary>One simple command; with <see cref="Otherwise"/>, that one is run when this one fails.</summary>
internal sealed record StartupCommand(IReadOnlyList<StartupWord> Words, StartupCommand? Otherwise);
