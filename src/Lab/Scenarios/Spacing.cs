namespace MulticastLab.Lab.Scenarios;

/// <summary>The time between one frame of a series and the next.</summary>
/// <param name="AtLeast">The lower bound.</param>
/// <param name="AtMost">The upper bound.</param>
public readonly record struct Spacing(TimeSpan AtLeast, TimeSpan AtMost)
{
    /// <summary>Exactly this, give or take the world's latency.</summary>
    public static implicit operator Spacing(TimeSpan exactly) => new(exactly, exactly);

    /// <summary>Exactly this, give or take the world's latency.</summary>
    public static Spacing FromTimeSpan(TimeSpan exactly) => exactly;

    /// <summary>A random time up to this: what the RFC draws from (0, interval].</summary>
    public static Spacing UpTo(TimeSpan atMost) => new(TimeSpan.Zero, atMost);

    /// <summary>In words.</summary>
    public override string ToString() => AtLeast == AtMost ? $"every {AtMost.InWords()}" : $"at most {AtMost.InWords()} apart";
}
