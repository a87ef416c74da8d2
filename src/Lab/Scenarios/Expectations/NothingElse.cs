using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Every IGMP message that a router or a host has sent was expected by something.</summary>
public sealed class NothingElse : Expectation
{
    private readonly Func<IEnumerable<Expectation>> others;

    internal NothingElse(Func<IEnumerable<Expectation>> others) => this.others = others;

    /// <inheritdoc/>
    public override string Text => "no other IGMP message from a router or a host";

    internal override bool OutlivesStep => true;

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        var expected = others().SelectMany(each => each.Claimed).Select(frame => frame.Number).ToHashSet();
        foreach (var frame in record.Messages.Where(frame => !frame.IsTesters && !expected.Contains(frame.Number)))
            Fail($"{frame.Sender} has sent this: {frame}", frame);
    }
}
