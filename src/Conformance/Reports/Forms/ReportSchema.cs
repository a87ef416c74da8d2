namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>The JSON Schema (2020-12) of <c>report.json</c>.</summary>
public static class ReportSchema
{
    /// <summary>Its text, UTF-8.</summary>
    public static Stream Open() => Resource.Open("report.schema.json");
}
