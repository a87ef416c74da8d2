using MulticastLab.Benchmarks.Comparison.Peers;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>Something that is measured, of each peer and several times.</summary>
internal abstract class Measurement
{
    public static readonly IReadOnlyList<Measurement> All =
    [
        new Start(),
        new Cold(),
        new Refresh(),
        new LosslessRate(),
        new JoinAndLeave(),
        new SourceReports(),
        new Capacity(),
        new FirstPacket(),
        new LastPacket(),
        new Pauses(),
    ];

    /// <summary>Its name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>How often it is done.</summary>
    public virtual int Runs(Scale scale) => scale.Runs;

    /// <summary>Whether it says anything of such a peer.</summary>
    public virtual bool Fits(PeerKind kind) => true;

    /// <summary>Does it once, of one peer.</summary>
    /// <exception cref="MeasurementFailedException">It has failed.</exception>
    public abstract void Do(Trial trial);
}
