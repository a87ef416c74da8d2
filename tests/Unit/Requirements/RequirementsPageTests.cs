using FluentAssertions;
using MulticastLab.Lab.Requirements;
using Xunit;

namespace MulticastLab.Tests.Requirements;

/// <summary>Each requirement is shown by a test or has a reason, and docs/requirements.md says so.</summary>
public sealed class RequirementsPageTests
{
    private static readonly string Docs = Path.Combine(Repository.Root, "docs");
    private static readonly string Page = Path.Combine(Docs, "requirements.md");
    private static readonly Reasons Given = Reasons.Read(Path.Combine(Docs, "requirements-reasons.yaml"));

    [Fact]
    public void Every_requirement_has_a_test_or_a_reason_and_not_both()
    {
        var tested = Tested();

        RequirementCatalog
            .All.Where(each => tested[each.Id].Count == 0 && Given.Of(each) is null)
            .Select(each => each.ToString())
            .Should()
            .BeEmpty("each of these is shown by a test, or docs/requirements-reasons.yaml says why not");
        RequirementCatalog
            .All.Where(each => tested[each.Id].Count > 0 && Given.Of(each) is not null)
            .Select(each => $"{each.Id}: {tested[each.Id].First()}")
            .Should()
            .BeEmpty("these have a test, so the reason in docs/requirements-reasons.yaml is not true any more");
    }

    [Fact]
    public void Tests_and_reasons_name_only_requirements_that_there_are()
    {
        Tested().Unknown.Should().BeEmpty();
        Given.Useless.Should().BeEmpty();
        Given.All.Should().OnlyContain(each => each.Because.Length > 0);
    }

    [Fact]
    public async Task The_page_is_what_tests_and_reasons_make_it()
    {
        var rendered = RequirementsPage.Render(Tested(), Given);
        if (Environment.GetEnvironmentVariable("MULTICASTLAB_ACCEPT") == "1")
            await File.WriteAllTextAsync(Page, rendered, TestContext.Current.CancellationToken);

        var written = await File.ReadAllLinesAsync(Page, TestContext.Current.CancellationToken);

        rendered.Split('\n')[..^1].Except(written).Concat(written.Except(rendered.Split('\n')))
            .Should().BeEmpty("docs/requirements.md is regenerated with MULTICASTLAB_ACCEPT=1");
    }

    [Fact]
    public void Ids_are_read_from_names()
    {
        Ids("Answers_come").Should().BeEmpty();
        Ids("A_1_V3_H_5_2_01_and_02_Answers_come").Should().Be("V3-H-5.2-01 V3-H-5.2-02");
        Ids("B_2_V3_H_8_11_01_and_V3_X_3_02").Should().Be("V3-H-8.11-01 V3-X-3-02");
        Ids("C-3: V3-X-App.I-01 x-v1-format, V3-M-4-01: text").Should().Be("V3-X-App.I-01 V3-M-4-01");

        static string Ids(string name) => string.Join(' ', TestedRequirements.IdsIn(name));
    }

    [Fact]
    public void An_id_that_does_not_exist_is_not_overlooked() =>
        TestedRequirements.IdsIn("V3_H_5_2_99_Nothing").Should().Equal("V3_H_5_2_99_Nothing");

    private static TestedRequirements Tested() => TestedRequirements.Of(typeof(RequirementsPageTests).Assembly);
}
