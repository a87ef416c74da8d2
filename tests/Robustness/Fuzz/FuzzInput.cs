namespace MulticastLab.Robustness.Fuzz;

/// <summary>One step of a fuzz episode: some time passes, then bytes arrive, or something local happens.</summary>
/// <param name="Wait">The time since the input before.</param>
/// <param name="Bytes">What arrives; null when the event is local.</param>
/// <param name="Local">The local event as a number that the target makes sense of: a link, a configuration, a socket's request.</param>
internal sealed record FuzzInput(TimeSpan Wait, byte[]? Bytes, int Local = 0)
{
    public override string ToString() =>
        $"+{Wait.TotalSeconds:0.######} s  {(Bytes is null ? $"local {Local}" : Convert.ToHexString(Bytes))}";
}
