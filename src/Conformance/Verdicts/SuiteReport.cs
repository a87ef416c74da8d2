using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Daemon.State;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>What came of a run of the suite on one device: <c>report.json</c>, and what every other form of report is made of.</summary>
public sealed record SuiteReport
{
    /// <summary>The schema that a report is written by.</summary>
    public const string CurrentSchema = "multicast-lab/conformance/1";

    /// <summary>The schema that it was written by.</summary>
    public string Schema { get; init => field = value ?? CurrentSchema; } = CurrentSchema;

    /// <summary>The device.</summary>
    public required ReportedDevice Device { get; init; }

    /// <summary>The protocol: igmp or mld.</summary>
    public required string Protocol { get; init; }

    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>When it was started (UTC).</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>The tests, by name.</summary>
    public required IReadOnlyList<TestReport> Tests { get; init; }

    /// <summary>The requirements that the tests show, in the order of the catalogue.</summary>
    public IReadOnlyList<RequirementReport> Requirements { get; init => field = value ?? []; } = [];

    /// <summary>How many tests had each verdict.</summary>
    public IReadOnlyDictionary<string, int> Summary { get; init => field = value ?? new Dictionary<string, int>(); } =
        new Dictionary<string, int>();

    /// <summary>What the verdicts rest on besides the tests, in sentences: of a capture its extent and the timers assumed.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = [];

    /// <summary>Whether the run was ended before all tests were played.</summary>
    public bool Interrupted { get; init; }

    /// <summary>Whether the device breaks a requirement that binds it.</summary>
    [JsonIgnore]
    public bool Breaks => Tests.Any(each => each.Breaks);

    /// <summary>How many tests had a verdict.</summary>
    public int Count(Verdict verdict) => Tests.Count(each => each.Verdict == verdict);

    /// <summary>How many tests had which verdict, in words: <c>55 pass, 9 fail</c>.</summary>
    public string CountsInWords() => string.Join(
        ", ", Enum.GetValues<Verdict>().Where(each => Count(each) > 0)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{Count(each)} {each.Name()}")));

    /// <summary>Reads a report.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static SuiteReport Read(Stream json) =>
        JsonSerializer.Deserialize(json, ReportContext.Default.SuiteReport) ?? throw new JsonException("There is no report.");

    /// <summary>Writes it.</summary>
    public void Write(Stream json) => JsonSerializer.Serialize(json, this, ReportContext.Default.SuiteReport);
}

/// <summary>A device in a report.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Version">What it says of its version; null when it says nothing.</param>
/// <param name="Role">router, host, switch or proxy.</param>
/// <param name="Folder">
/// Its folder on the machine that it was tested on; null of a device on a wire, and in reports of older versions.
/// </param>
public sealed record ReportedDevice(string Name, string Title, string? Version, string Role, string? Folder = null);

/// <summary>A requirement in a report.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Verdict">Fail when one of its tests fails; pass when one passes and none fails.</param>
/// <param name="Tests">The tests that show it.</param>
public sealed record RequirementReport(string Id, Verdict Verdict, IReadOnlyList<string> Tests);

internal sealed class VerdictConverter : JsonConverter<Verdict>
{
    public override Verdict Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var name = reader.GetString();
        return Enum.GetValues<Verdict>().Cast<Verdict?>().FirstOrDefault(each => each!.Value.Name() == name)
            ?? throw new JsonException($"There is no verdict '{name}'.");
    }

    public override void Write(Utf8JsonWriter writer, Verdict value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name());
}

/// <summary>How reports are written.</summary>
[JsonSerializable(typeof(SuiteReport))]
[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, Converters = [typeof(VerdictConverter), typeof(RouterStateConverter)])]
public sealed partial class ReportContext : JsonSerializerContext;
