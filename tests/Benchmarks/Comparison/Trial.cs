using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>One run of a measurement with one peer.</summary>
/// <param name="Kind">The peer.</param>
/// <param name="Column">Its column.</param>
/// <param name="Run">The number of the run, from 0.</param>
/// <param name="Scale">How much is measured.</param>
/// <param name="Table">Where the figures go.</param>
internal sealed record Trial(PeerKind Kind, int Column, int Run, Scale Scale, ComparisonTable Table)
{
    /// <summary>A fresh peer that has come up, and has rehearsed what it is going to be asked.</summary>
    public Peer Start() => Kind.Start(isCold: false);

    /// <summary>A fresh peer that has come up, and nothing more.</summary>
    public Peer StartCold() => Kind.Start(isCold: true);

    /// <summary>Measures a line's figure. Does that fail, the cell says so.</summary>
    public void Measure(Line line, Func<double> measure)
    {
        try
        {
            var figure = measure();
            Table[line, Column].Add(figure);
        }
        catch (MeasurementFailedException)
        {
            Say(line, "**failed**");
            throw;
        }
    }

    /// <summary>Says something about a line's figure, or in place of it.</summary>
    public void Say(Line line, string remark) => Table[line, Column].Say(remark);
}
