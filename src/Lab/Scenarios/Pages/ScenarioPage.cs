using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>A scenario as a page: purpose, network, steps with what is expected, messages, judgement; made from its verified run.</summary>
internal sealed class ScenarioPage
{
    private const int ObservedPriority = 3;
    private const string Observed = "A matter of policy or of reading: no device fails on it alone.";

    private readonly List<string> lines = [];
    private readonly ScenarioResult result;
    private readonly ScenarioInfo scenario;

    private ScenarioPage(ScenarioResult result) => (this.result, scenario) = (result, result.Scenario);

    /// <summary>The page in Markdown.</summary>
    /// <param name="result">The run.</param>
    /// <param name="summary">What the scenario is for.</param>
    public static string Of(ScenarioResult result, string summary)
    {
        var page = new ScenarioPage(result);
        page.AddPurpose(summary);
        page.AddHowToSeeIt();
        page.Add("", "## Network", "", "```mermaid", TopologyDrawing.Mermaid(result.Topology).TrimEnd(), "```");
        page.Add("", "## Steps", "", $"In virtual time, with the RFC's timers: {RunText.Timers(result.Options.Timing)}.");
        foreach (var step in result.Steps)
            page.AddStep(step, [.. result.Expectations.Where(each => each.Step == step)]);
        page.Add("", "## Messages", "", "```mermaid", MessageSequence.Of(result).TrimEnd(), "```");
        page.AddJudgement();
        page.AddInterpretations();
        return string.Join('\n', page.lines) + "\n";
    }

    private void AddPurpose(string summary)
    {
        Add("<!-- Made from the scenario and its verified run: not to be edited. -->", $"# {scenario.Name}", "");
        Add($"**{scenario.Theme.Title()}.** {MarkdownText.Of(scenario.Description)}", "", MarkdownText.Of(summary), "");
        Add(string.Join(", ", scenario.Sections.Select(each => MarkdownText.Section(each.Rfc, each.Section))), "");
    }

    private void AddHowToSeeIt()
    {
        var (name, reason) = (scenario.Name, scenario.Create().NotWithKernelHosts);
        Add("```", $"./labrunner run {name}{(reason is null ? "" : " --host-stack user")}");
        Add($"./labrunner run {name} --engine simulated", $"./labrunner up {name}", "```", "");
        Add($"Its [text](../../{ScenarioSummary.FileOf(scenario)}), its [network](../../topologies/{name}), the verified run as");
        Add($"[text](../../captures/{name}.verified.txt) and as [capture](../../captures/{name}.verified.pcapng).");
        if (reason is not null)
            Add("", $"Hosts whose own kernels speak IGMP cannot play it: {MarkdownText.Of(reason)}");
    }

    private void AddStep(RunStep step, List<Expectation> expectations)
    {
        if (step.Number == 0 && expectations.Count == 0)
            return;
        Add("", step.Number == 0 ? "### All the time" : $"### {step.Number}. {MarkdownText.Of(step.Title)}", "");
        foreach (var each in expectations)
            Add($"- {MarkdownText.Of(each.Text)}{string.Concat(each.Requirements.Select(id => $" `{id}`"))}");
    }

    private void AddJudgement()
    {
        Add("", "## Judgement", "", "It passes when all of this is so, and then it has shown:", "");
        Add("| Requirement | Where | Level | What |", "|---|---|---|---|");
        foreach (var each in scenario.Requirements)
            Add($"| {each.Id} | {MarkdownText.Section(each.Rfc, each.Section)} | {each.Level} | {MarkdownText.Of(each.Text)} |");
    }

    private void AddInterpretations()
    {
        var interpreted = scenario.Requirements
            .Where(each => each.Interpretation is not null || each.Priority == ObservedPriority)
            .ToList();
        if (interpreted.Count == 0)
            return;
        Add("", "## Interpretation", "");
        foreach (var each in interpreted)
            Add($"- {each.Id}: {MarkdownText.Of(each.Interpretation ?? Observed)}");
    }

    private void Add(params string[] more) => lines.AddRange(more);
}
