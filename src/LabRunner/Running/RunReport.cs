using System.Globalization;
using System.Text.Json.Nodes;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Running;

/// <summary>The verdict of a run, for people and as JSON.</summary>
internal static class RunReport
{
    /// <summary>Writes the verdict on every requirement, what went wrong, and where the evidence is.</summary>
    public static void Write(Terminal terminal, ScenarioResult result, TimeSpan took)
    {
        var table = new Listing("Requirement", "Section", "Level", "Verdict", "Text");
        foreach (var (requirement, verdict) in RequirementVerdict.Of(result))
        {
            table.Add(requirement.Id, $"RFC {requirement.Rfc} §{requirement.Section}", requirement.Level, verdict switch
            {
                Verdict.Pass => "[green]pass[/]",
                Verdict.Fail => "[red]FAIL[/]",
                null => "[yellow]not seen[/]",
                { } other => $"[yellow]{other.Name()}[/]",
            }, OutsideText.Markup(requirement.Text));
        }

        terminal.Write("");
        table.WriteTo(terminal);
        terminal.Write("");
        if (!result.Passed)
            terminal.Write(OutsideText.Markup(result.Describe()) + "\n");
        var frames = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Expectations.Count} expectations, {result.Frames.Count} frames, {took.TotalSeconds:0.00} s");
        terminal.Write(
            result.Verdict switch
            {
                Verdict.Pass => $"[bold green]PASSED[/]  {frames}",
                Verdict.Fail => $"[bold red]FAILED[/]  {frames}",
                var other => $"[bold yellow]{other.Name().ToUpperInvariant()}[/]  {frames}",
            });
        if (result.EvidenceDirectory is { } evidence)
            terminal.Write($"Evidence: {OutsideText.Markup(evidence)}");
    }

    /// <summary>All of it as one JSON object.</summary>
    public static JsonObject ToJson(ScenarioResult result, TimeSpan took) => new()
    {
        ["scenario"] = result.Scenario.Name,
        ["engine"] = result.World,
        ["host-stack"] = !result.Capabilities.HasKernelHosts ? null
            : result.Options.HostStack == Lab.Engines.HostStack.Kernel ? "kernel" : "user",
        ["seed"] = result.Capabilities.IsReproducible ? result.Options.Seed : null,
        ["passed"] = result.Passed,
        ["verdict"] = result.Verdict.Name(),
        ["aborted"] = result.Aborted,
        ["seconds"] = took.TotalSeconds,
        ["frames"] = result.Frames.Count,
        ["frames-lost"] = result.FramesLost,
        ["inconclusive"] = result.IsInconclusive,
        ["disturbances"] = new JsonArray([.. result.Disturbances.Select(each => new JsonObject
        {
            ["at"] = each.From.ToString(),
            ["seconds"] = each.Length.TotalSeconds,
            ["text"] = each.What,
        })]),
        ["steps"] = new JsonArray([.. result.Steps.Select(step => new JsonObject
        {
            ["number"] = step.Number,
            ["title"] = step.Title,
            ["start"] = step.Start.ToString(),
            ["end"] = step.End?.ToString(),
        })]),
        ["expectations"] = new JsonArray([.. result.Expectations.Select(each => new JsonObject
        {
            ["text"] = each.Text,
            ["requirements"] = new JsonArray([.. each.Requirements.Select(id => (JsonNode)id)]),
            ["judged"] = each.Judged,
            ["problems"] = new JsonArray([.. each.Problems.Select(problem => new JsonObject
            {
                ["text"] = problem.Text,
                ["frames"] = new JsonArray([.. problem.Frames.Select(frame => (JsonNode)frame.Number)]),
            })]),
        })]),
        ["requirements"] = new JsonArray([.. RequirementVerdict.Of(result).Select(each => new JsonObject
        {
            ["id"] = each.Requirement.Id,
            ["section"] = $"RFC {each.Requirement.Rfc} §{each.Requirement.Section}",
            ["level"] = each.Requirement.Level,
            ["text"] = each.Requirement.Text,
            ["verdict"] = each.Verdict?.Name() ?? "not-seen",
        })]),
        ["evidence"] = result.EvidenceDirectory,
        ["capture"] = result.CapturePath,
    };
}
