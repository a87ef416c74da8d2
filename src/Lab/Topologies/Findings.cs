namespace MulticastLab.Lab.Topologies;

/// <summary>Collects what is wrong with one file while it is read.</summary>
internal sealed class Findings(string file)
{
    public List<TopologyProblem> Errors { get; } = [];

    public List<TopologyProblem> Warnings { get; } = [];

    public void Error(int line, int column, string message, string? suggestion = null) =>
        Errors.Add(new TopologyProblem(file, line, column, message, suggestion));

    public void Warning(int line, int column, string message, string? suggestion = null) =>
        Warnings.Add(new TopologyProblem(file, line, column, message, suggestion));
}
