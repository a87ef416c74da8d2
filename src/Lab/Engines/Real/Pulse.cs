namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// Wakes everybody who is waiting for a change. Take <see cref="Next"/> first, then check, then wait for what was taken: no change in
/// between is missed.
/// </summary>
internal sealed class Pulse
{
    private TaskCompletionSource next = New();

    /// <summary>Completes at the next <see cref="Fire"/>.</summary>
    internal Task Next => Volatile.Read(ref next).Task;

    /// <summary>Something has changed.</summary>
    internal void Fire() => Interlocked.Exchange(ref next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
