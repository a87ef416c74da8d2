using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;

namespace MulticastLab.Lab.Scenarios.Evidence;

/// <summary>The comments on each frame of a run: the step that it begins, what it was expected for, what is wrong with it.</summary>
internal sealed class Annotations
{
    private readonly Dictionary<int, List<string>> comments = [];

    public Annotations(IRunEvidence result)
    {
        foreach (var step in result.Steps)
        {
            if (result.Frames.FirstOrDefault(frame => StepOf(result, frame) == step) is { } first)
                Add(first, $"step {step.Number}: {step.Title}");
        }

        foreach (var expectation in result.Expectations)
            Annotate(expectation);
    }

    public IReadOnlyList<string> Of(SeenFrame frame) => comments.GetValueOrDefault(frame.Number) ?? [];

    /// <summary>The step during which the frame was sent.</summary>
    public static RunStep StepOf(IRunEvidence result, SeenFrame frame) =>
        result.Steps.LastOrDefault(step => step.Start <= frame.At) ?? result.Steps[0];

    private void Annotate(Expectation expectation)
    {
        var ids = expectation.Requirements.Count == 0 ? "" : $" [{string.Join(", ", expectation.Requirements)}]";
        var offending = expectation.Problems.SelectMany(problem => problem.Frames, (problem, frame) => (problem, frame)).ToList();
        foreach (var (problem, frame) in offending)
            Add(frame, $"FAIL: {expectation.Text}: {problem.Text}{ids}");
        var wrong = offending.Select(each => each.frame.Number).ToHashSet();
        foreach (var frame in expectation.Claimed.Where(frame => !wrong.Contains(frame.Number)))
            Add(frame, $"ok: {expectation.Text}{ids}");
    }

    private void Add(SeenFrame frame, string comment)
    {
        if (!comments.TryGetValue(frame.Number, out var list))
            comments.Add(frame.Number, list = []);
        list.Add(comment);
    }
}
