namespace MulticastLab.Lab.Devices;

/// <summary>A timer, counter or version of a device, in seconds where it is a time.</summary>
/// <param name="Default">Its value when it is not set.</param>
/// <param name="Least">The least value that it can be set to; null when it cannot be set.</param>
/// <param name="Step">The step between the values that it can be set to, from the least one on; null when any value will do.</param>
public sealed record DeviceTimer(decimal Default, decimal? Least = null, decimal? Step = null)
{
    /// <summary>
    /// The value that it takes when it is asked to be this: the next one that it can be set to, or its default where it is fixed.
    /// </summary>
    public decimal Nearest(decimal wanted) => (Least, Step) switch
    {
        (null, _) => Default,
        ({ } least, _) when wanted <= least => least,
        (_, null) => wanted,
        ({ } least, { } step) => least + (Math.Ceiling((wanted - least) / step) * step),
    };
}
