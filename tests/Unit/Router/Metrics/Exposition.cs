using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MulticastLab.Tests.Router.Metrics;

/// <summary>
/// A strict reader of Prometheus' text format, version 0.0.4, written from its specification: every line is HELP, TYPE or a sample, HELP
/// and TYPE once per family and before its samples, families not mixed, samples unique, histograms cumulative and whole.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, Family> families = [];

    private Exposition(string text)
    {
        if (!text.EndsWith('\n'))
            throw new FormatException("The last line must end with a line feed.");
        Family? current = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith('#'))
                current = Comment(line, current);
            else
                Sample(line, current ?? throw Wrong(line, "comes before any TYPE"));
        }

        foreach (var family in families.Values)
            family.Check();
    }

    public IReadOnlyCollection<Family> Families => families.Values;

    public static Exposition Read(string text) => new(text);

    /// <summary>A sample's value; the labels as they stand in the text.</summary>
    public double this[string name, string labels = ""] =>
        families
            .Values.SelectMany(each => each.Samples)
            .Single(each => each.Name == name && string.Join(',', each.Labels.Select(label => $"{label.Key}=\"{label.Value}\"")) == labels)
            .Value;

    private Family Comment(string line, Family? current)
    {
        var help = HelpLine().Match(line);
        if (help.Success)
        {
            var name = help.Groups["name"].Value;
            if (!families.TryAdd(name, new Family(name)))
                throw Wrong(line, "tells HELP a second time");
            if (Unescape(help.Groups["text"].Value, quotes: false).Length == 0)
                throw Wrong(line, "helps nobody");
            return families[name];
        }

        var type = TypeLine().Match(line);
        if (!type.Success)
            throw Wrong(line, "is neither HELP nor TYPE");
        if (current is null || current.Name != type.Groups["name"].Value || current.Type is not null || current.Samples.Count > 0)
            throw Wrong(line, "does not follow its HELP");
        current.Type = type.Groups["type"].Value;
        return current;
    }

    private static void Sample(string line, Family family)
    {
        var match = SampleLine().Match(line);
        if (!match.Success)
            throw Wrong(line, "is no sample");
        var labels = new List<KeyValuePair<string, string>>();
        for (var i = 0; i < match.Groups["label"].Captures.Count; i++)
            labels.Add(new(match.Groups["label"].Captures[i].Value, Unescape(match.Groups["value"].Captures[i].Value, quotes: true)));
        if (labels.DistinctBy(each => each.Key).Count() != labels.Count)
            throw Wrong(line, "has a label twice");
        var figure = match.Groups["figure"].Value;
        var value = figure switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(figure, NumberStyles.Float, CultureInfo.InvariantCulture),
        };
        family.Add(new PageSample(match.Groups["name"].Value, labels, value), line);
    }

    private static string Unescape(string text, bool quotes)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i]);
                continue;
            }

            result.Append(++i < text.Length ? text[i] switch
            {
                '\\' => '\\',
                'n' => '\n',
                '"' when quotes => '"',
                _ => throw Wrong(text, "has an unknown escape"),
            } : throw Wrong(text, "ends in an escape"));
        }

        return result.ToString();
    }

    private static FormatException Wrong(string line, string what) => new($"This line {what}: {line}");

    [GeneratedRegex("^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)$")]
    private static partial Regex HelpLine();

    [GeneratedRegex("^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram|summary|untyped)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)"(?:,"""
        + """(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>(?:[^"\\]|\\.)*)")*\})? (?<figure>[+-]Inf|NaN|[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)$"""
    )]
    private static partial Regex SampleLine();

    /// <summary>One metric with its samples.</summary>
    internal sealed class Family(string name)
    {
        private readonly HashSet<string> seen = [];

        public string Name => name;

        public string? Type { get; set; }

        public List<PageSample> Samples { get; } = [];

        public void Add(PageSample sample, string line)
        {
            var allowed = Type == "histogram" ? (string[])[name + "_bucket", name + "_sum", name + "_count"] : [name];
            if (Type is null || !allowed.Contains(sample.Name))
                throw Wrong(line, $"is not of the family {name}");
            if (
                !seen.Add(
                    $"{sample.Name} {string.Join(',', sample.Labels.OrderBy(each => each.Key, StringComparer.Ordinal))}"))
                throw Wrong(line, "comes a second time");
            Samples.Add(sample);
        }

        public void Check()
        {
            if (Type is null)
                throw Wrong(name, "has no TYPE");
            if (Type == "counter" && Samples.Any(each => each.Value < 0))
                throw Wrong(name, "counts below zero");
            if (Type == "histogram")
                CheckHistogram();
        }

        private void CheckHistogram()
        {
            foreach (var one in Samples.GroupBy(each => string.Join(',', each.Labels.Where(label => label.Key != "le"))))
            {
                var buckets = one.Where(each => each.Name == name + "_bucket").ToList();
                var bounds = buckets.Select(each => each.Labels.Single(label => label.Key == "le").Value)
                    .Select(each => each == "+Inf" ? double.PositiveInfinity : double.Parse(each, CultureInfo.InvariantCulture)).ToList();
                var count = one.Single(each => each.Name == name + "_count").Value;
                if (!bounds.SequenceEqual(bounds.Distinct().Order()) || !double.IsPositiveInfinity(bounds[^1]))
                    throw Wrong(name, "has buckets out of order, or none for all");
                if (
                    !buckets.Select(each => each.Value).SequenceEqual(buckets.Select(each => each.Value).Order())
                    || buckets[^1].Value != count)
                    throw Wrong(name, "has buckets that are not cumulative, or do not sum up to its count");
                _ = one.Single(each => each.Name == name + "_sum");
            }
        }
    }
}

/// <summary>One sample of a page.</summary>
internal sealed record PageSample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value);
