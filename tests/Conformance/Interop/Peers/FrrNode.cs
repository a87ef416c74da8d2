using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Interop.Peers;

/// <summary>A running FRR, and what it says of its IGMP (<c>show ip igmp … json</c>).</summary>
internal sealed class FrrNode(LabRun run, OtherNode node)
{
    private static readonly TimeSpan PollInterval = 100.Milliseconds();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Its state; null while it does not answer, or has no IGMP on its interface yet.</summary>
    internal async Task<FrrState?> State()
    {
        var (interfaces, groups) = (await Show("interface eth0"), await Show("groups"));
        return interfaces is null || groups is null ? null : FrrState.Read(interfaces, groups);

        async Task<string?> Show(string what)
        {
            var (code, output, _) = await run.Lab.Execute(node.Name, $"vtysh -c 'show ip igmp {what} json'", Cancellation);
            return code == 0 ? output : null;
        }
    }

    /// <summary>Waits until its state is so. When it does not come to be, the run ends here.</summary>
    /// <param name="condition">What the state must be; its text is quoted.</param>
    /// <param name="within">For how long to wait.</param>
    /// <param name="text">Filled in by the compiler.</param>
    internal async Task Until(Func<FrrState, bool> condition, TimeSpan within, [CallerArgumentExpression(nameof(condition))] string text = "")
    {
        var deadline = run.Lab.Now + within + run.Lab.Latency;
        while (true)
        {
            var state = await State();
            if (state is not null && condition(state))
                return;
            if (run.Lab.Now > deadline)
                throw new ScenarioAbortedException($"FRR did not come to this state within {within.InWords()}: {text}. It says: {state}");
            await run.Pass(PollInterval);
        }
    }
}

/// <summary>What FRR says of eth0.</summary>
/// <param name="IsQuerier">Whether it is the querier.</param>
/// <param name="Querier">The querier that it knows.</param>
/// <param name="RobustnessVariable">The Robustness Variable in force.</param>
/// <param name="QueryInterval">The Query Interval in force.</param>
/// <param name="Groups">The groups, with their mode (null in versions 1 and 2) and version.</param>
internal sealed record FrrState(
    bool IsQuerier, Address Querier, int RobustnessVariable, TimeSpan QueryInterval, IReadOnlyDictionary<Address, (string? Mode, int Version)> Groups)
{
    /// <summary>Whether it follows this querier.</summary>
    internal bool Follows(Address querier) => !IsQuerier && Querier == querier;

    /// <summary>Reads the two answers; null when there is no IGMP on the interface.</summary>
    internal static FrrState? Read(string interfaces, string groups)
    {
        using var first = JsonDocument.Parse(interfaces);
        using var second = JsonDocument.Parse(groups);
        if (!first.RootElement.TryGetProperty("eth0", out var igmp) || !igmp.TryGetProperty("querier", out var querier))
            return null;
        var found = new Dictionary<Address, (string? Mode, int Version)>();
        if (second.RootElement.TryGetProperty("eth0", out var there))
        {
            foreach (var group in there.GetProperty("groups").EnumerateArray())
            {
                found.Add(
                    Address.Parse(group.GetProperty("group").GetString()!),
                    (group.TryGetProperty("mode", out var mode) ? mode.GetString() : null, group.GetProperty("version").GetInt32()));
            }
        }

        return new FrrState(
            querier.GetString() == "local",
            Address.Parse(igmp.GetProperty("querierIp").GetString()!),
            igmp.GetProperty("timerRobustnessVariable").GetInt32(),
            igmp.GetProperty("timerQueryInterval").GetInt32().Seconds(),
            found);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsQuerier ? "querier" : "not querier")}, querier {Querier}, RV {RobustnessVariable}, QI {QueryInterval.InWords()}, groups: {string.Join(", ", Groups.Select(each => $"{each.Key} {each.Value.Mode ?? "-"} version {each.Value.Version}"))}");
}
