namespace MulticastLab.Benchmarks.Comparison;

/// <summary>A measurement has failed; the text says why. It is shown in the table instead of a figure.</summary>
internal sealed class MeasurementFailedException : Exception
{
    public MeasurementFailedException(string message)
        : base(message)
    {
    }

    public MeasurementFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
