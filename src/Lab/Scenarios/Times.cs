namespace MulticastLab.Lab.Scenarios;

/// <summary>How often something is expected.</summary>
/// <param name="AtLeast">The lower bound, 0 or more.</param>
/// <param name="AtMost">The upper bound.</param>
public readonly record struct Times(int AtLeast, int AtMost)
{
    /// <summary>Exactly once.</summary>
    public static Times Once => new(1, 1);

    /// <summary>Once or more often.</summary>
    public static Times AtLeastOnce => new(1, int.MaxValue);

    /// <summary>Exactly this many times.</summary>
    public static implicit operator Times(int count) => new(count, count);

    /// <summary>Any number from one to the other, both included.</summary>
    public static Times Between(int atLeast, int atMost) => new(atLeast, atMost);

    /// <summary>Exactly this many times.</summary>
    public static Times FromInt32(int count) => count;

    /// <summary>Whether the number fits.</summary>
    public bool Allow(int count) => count >= AtLeast && count <= AtMost;

    /// <summary>In words.</summary>
    public override string ToString() => (AtLeast, AtMost) switch
    {
        (1, 1) => "once",
        (1, int.MaxValue) => "at least once",
        var (low, high) when low == high => $"{low} times",
        (0, var high) => $"at most {high} times",
        var (low, high) => $"{low} to {high} times",
    };
}
