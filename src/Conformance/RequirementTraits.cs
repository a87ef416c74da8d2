using MulticastLab.Lab.Requirements;

namespace MulticastLab.Conformance;

/// <summary>What several requirements are together, of a test or of a rule.</summary>
internal static class RequirementTraits
{
    extension(IReadOnlyList<Requirement> requirements)
    {
        /// <summary>The strictest of their levels: must, then implied, should, may.</summary>
        internal string StrictestLevel() => Levels.Strictest(requirements.Select(each => each.Level));

        /// <summary>Where they stand: <c>RFC 9776 §6.6.2</c>.</summary>
        internal IReadOnlyList<string> Sections() => [.. requirements.Select(each => $"RFC {each.Rfc} §{each.Section}").Distinct()];

        /// <summary>Whether all leave a choice, are ambiguous or are a matter of policy: nothing that is seen is a failure.</summary>
        internal bool OnlyObserve() => requirements.All(each => each.Level == "MAY" || each.Priority == 3);
    }
}
