using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>A statement about a state dump, judged on the spot.</summary>
public sealed class StateCheck : Expectation
{
    private readonly string node;
    private readonly string what;
    private readonly string? instead;

    /// <param name="node">Whose state.</param>
    /// <param name="what">What it should be.</param>
    /// <param name="instead">What it is instead; null when it is so.</param>
    internal StateCheck(string node, string what, string? instead) => (this.node, this.what, this.instead) = (node, what, instead);

    /// <inheritdoc/>
    public override string Text => $"state of {node}: {what}";

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        if (instead is not null)
            Fail(instead);
    }
}
