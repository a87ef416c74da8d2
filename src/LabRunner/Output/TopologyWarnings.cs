using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Output;

/// <summary>What looks like a mistake in a topology, or has no effect here, as lines for people.</summary>
internal static class TopologyWarnings
{
    /// <summary>Writes them as diagnostics, <c>file:line:column</c> first.</summary>
    public static void Print(Terminal terminal, IEnumerable<FileProblem> warnings)
    {
        foreach (var problem in warnings)
            terminal.Error.WriteLine($"{problem} (warning)");
    }
}
