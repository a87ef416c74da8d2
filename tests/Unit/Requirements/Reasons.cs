using MulticastLab.Lab.Requirements;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace MulticastLab.Tests.Requirements;

/// <summary>Why requirements are shown by no test: docs/requirements-reasons.yaml.</summary>
internal sealed class Reasons
{
    /// <summary>They are no requirements of this project's programs.</summary>
    public List<Reason> DoesNotApply { get; set; } = [];

    /// <summary>They are, and are not met or not shown yet.</summary>
    public List<Reason> NotDone { get; set; } = [];

    /// <summary>All of both kinds.</summary>
    public IEnumerable<Reason> All => DoesNotApply.Concat(NotDone);

    /// <summary>Reads the file.</summary>
    public static Reasons Read(string path) => new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build()
        .Deserialize<Reasons>(File.ReadAllText(path));

    /// <summary>The reason that is given for a requirement; null when none is.</summary>
    public Reason? Of(Requirement requirement) => All.FirstOrDefault(each => each.Ids.Exists(id => Matches(id, requirement.Id)));

    /// <summary>Ids and patterns that no requirement has, or that a reason before them has given already.</summary>
    public IEnumerable<string> Useless
    {
        get
        {
            var left = RequirementCatalog.All.Select(each => each.Id).ToHashSet();
            return [.. All.SelectMany(each => each.Ids).Where(id => left.RemoveWhere(each => Matches(id, each)) == 0)];
        }
    }

    private static bool Matches(string pattern, string id) =>
        pattern.EndsWith('*') ? id.StartsWith(pattern[..^1], StringComparison.Ordinal) : id == pattern;
}

/// <summary>One reason and what it is for.</summary>
internal sealed class Reason
{
    /// <summary>The reason, a sentence.</summary>
    public string Because { get; set; } = "";

    /// <summary>Ids; <c>V3-N-*</c> is for all that begin so.</summary>
    public List<string> Ids { get; set; } = [];
}
