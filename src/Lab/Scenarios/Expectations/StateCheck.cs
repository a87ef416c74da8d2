using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>A statement about a state dump, judged on the spot.</summary>
public sealed class StateCheck : Expectation
{
    private readonly string node;
    private readonly string what;
    private readonly bool holds;

    internal StateCheck(string node, string what, bool holds) => (this.node, this.what, this.holds) = (node, what, holds);

    /// <inheritdoc/>
    public override string Text => $"state of {node}: {what}";

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        if (!holds)
            Fail("it is not so");
    }
}
