namespace MulticastLab.LabRunner.Doctor;

/// <summary>What one check has found.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Health">Whether it is there.</param>
/// <param name="Found">The version, the path or the reason.</param>
/// <param name="Remedy">What to do; null when nothing is to be done.</param>
internal sealed record Finding(string Name, Health Health, string Found, string? Remedy = null);

/// <summary>Whether what a check looked for is there.</summary>
internal enum Health
{
    /// <summary>It is there.</summary>
    Ok,

    /// <summary>It is not there, and some command works less well.</summary>
    OptionalMissing,

    /// <summary>It is not there, and labs in namespaces cannot run.</summary>
    Missing,
}
