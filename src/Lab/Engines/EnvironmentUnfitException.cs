namespace MulticastLab.Lab.Engines;

/// <summary>This machine, or this user, cannot run the lab. The command line's exit code 4.</summary>
public sealed class EnvironmentUnfitException : Exception
{
    /// <summary>What is missing, and how to get it.</summary>
    public EnvironmentUnfitException(Unfitness unfitness)
        : base($"{unfitness?.Reason} {unfitness?.Remedy}") => Unfitness = unfitness!;

    /// <summary>What is missing, and how to get it.</summary>
    public Unfitness Unfitness { get; }
}

/// <summary>Why an engine cannot be used here.</summary>
/// <param name="Reason">What is missing: a sentence.</param>
/// <param name="Remedy">How to get it: a sentence.</param>
public sealed record Unfitness(string Reason, string Remedy);
