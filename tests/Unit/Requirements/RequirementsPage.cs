using System.Text;
using MulticastLab.Lab.Requirements;

namespace MulticastLab.Tests.Requirements;

/// <summary>docs/requirements.md as the catalogue, the tests and the reasons make it.</summary>
internal static class RequirementsPage
{
    private static readonly (char Role, string Title)[] Roles =
    [
        ('M', "Messages"),
        ('R', "Routers"),
        ('H', "Hosts"),
        ('X', "Versions 1 and 2"),
        ('S', "Source-specific multicast"),
        ('P', "Proxies"),
        ('N', "Snooping switches"),
    ];

    /// <summary>Renders the page.</summary>
    public static string Render(TestedRequirements tested, Reasons reasons)
    {
        var page = new StringBuilder("""
            # Requirements of IGMPv3

            Every testable requirement of RFC 9776 and of the RFCs around it, and the tests that show it. Made by `RequirementsPageTests`,
            which fails when this page is not what tests and reasons make it, when a requirement has neither a test nor a reason, and when
            one has both:
            `MULTICASTLAB_ACCEPT=1 dotnet test tests/Unit --filter-class '*RequirementsPageTests'` regenerates it. The reasons are in
            [requirements-reasons.yaml](requirements-reasons.yaml). A test shows what stands in its name or in `[Shows]`; a *scenario* is
            played by `tests/Conformance`. Level is the RFC's keyword; "implied" is normative by table, algorithm or default value.

            | | shown | does not apply | not done |
            |---|---|---|---|

            """);
        foreach (var (role, title) in Roles)
        {
            var kinds = Of(role).ToLookup(each => Kind(each, tested, reasons));
            page.AppendLine($"| {title} | {kinds["shown"].Count()} | {kinds["does not apply"].Count()} | {kinds["not done"].Count()} |");
        }

        foreach (var (role, title) in Roles)
        {
            page.Append($"\n## {title}\n\n| Requirement | Level | Where | What | Shown by |\n|---|---|---|---|---|\n");
            foreach (var each in Of(role))
            {
                var shown = tested[each.Id] is { Count: > 0 } tests
                    ? string.Join("<br>", tests)
                    : $"*{Kind(each, tested, reasons)}*: {reasons.Of(each)?.Because}";
                page.AppendLine(
                    $"| {each.Id}<br>{each.Slug} | {each.Level} | RFC {each.Rfc} §{each.Section} | "
                        + $"{each.Text.Replace("|", "\\|", StringComparison.Ordinal)} | {shown} |");
            }
        }

        return page.ToString();
    }

    private static IEnumerable<Requirement> Of(char role) => RequirementCatalog.All.Where(each => each.Id[3] == role);

    private static string Kind(Requirement requirement, TestedRequirements tested, Reasons reasons) =>
        tested[requirement.Id].Count > 0 ? "shown"
        : reasons.Of(requirement) is { } reason && reasons.DoesNotApply.Contains(reason) ? "does not apply"
        : "not done";
}
