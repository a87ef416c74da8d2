namespace MulticastLab.NaiveDevices;

/// <summary>A mistake that a naive program makes unless it is told not to.</summary>
/// <param name="Name">Its name on the command line: lower-case words with hyphens.</param>
/// <param name="What">What the program does, as a clause without a subject.</param>
/// <param name="Section">Where the rule stands that it breaks.</param>
/// <param name="Tests">Conformance tests that fail because of it, some of them; none where none is known.</param>
public sealed record Mistake(string Name, string What, string Section, params IReadOnlyList<string> Tests)
{
    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
