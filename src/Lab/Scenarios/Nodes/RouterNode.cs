using System.Runtime.CompilerServices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A router.</summary>
public sealed class RouterNode : LabNode
{
    internal RouterNode(LabRun run, Node description)
        : base(run, description)
    {
    }

    /// <summary>The router's state now.</summary>
    public Task<RouterState> State() => Run.RouterState(this);

    /// <summary>Waits until the state is so. When it is not reached, the run ends here.</summary>
    /// <param name="condition">What the state must be; its text is quoted.</param>
    /// <param name="within">For how long to wait.</param>
    /// <param name="shows">The requirements that this shows.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <returns>The moment when it was found to be so.</returns>
    public Task<Moment> Until(
        Func<RouterState, bool> condition, TimeSpan within, string[]? shows = null,
        [CallerArgumentExpression(nameof(condition))] string text = "") => Run.Until(this, condition, within, shows ?? [], text);

    /// <summary>Asserts that the state is so now. When it is not, the run fails but goes on.</summary>
    /// <param name="condition">What the state must be; its text is quoted.</param>
    /// <param name="shows">The requirements that this shows.</param>
    /// <param name="text">Filled in by the compiler.</param>
    public Task Check(
        Func<RouterState, bool> condition, string[]? shows = null, [CallerArgumentExpression(nameof(condition))] string text = "") =>
        Run.Check(this, condition, shows ?? [], text);
}
