using System.Diagnostics.CodeAnalysis;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// An ordered list of rules about addresses. The first rule that matches an address decides; an address that no rule matches is denied.
/// </summary>
/// <remarks>
/// RFC 8652 has <c>group-policy</c> and <c>source-policy</c> as names of such lists and leaves the lists themselves to others.
/// </remarks>
public sealed class AccessList : IEquatable<AccessList>
{
    /// <summary>No rule at all: everything is permitted.</summary>
    public static readonly AccessList PermitAll = new();

    private readonly AccessRule[] rules;

    /// <summary>A list of these rules in their order; without any it permits everything.</summary>
    public AccessList(params IEnumerable<AccessRule> rules) => this.rules = [.. rules];

    /// <summary>The rules in their order.</summary>
    public IReadOnlyList<AccessRule> Rules => rules;

    /// <summary>Whether the address is permitted.</summary>
    public bool Permits(Address address)
    {
        foreach (var rule in rules)
        {
            if (rule.Range.Contains(address))
                return rule.Permit;
        }

        return rules.Length == 0;
    }

    /// <summary>Whether it has the same rules in the same order.</summary>
    public bool Equals(AccessList? other) => other is not null && rules.AsSpan().SequenceEqual(other.rules);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AccessList);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var rule in rules)
            hash.Add(rule);
        return hash.ToHashCode();
    }
}

/// <summary>One rule of an <see cref="AccessList"/>.</summary>
/// <param name="Permit">Whether the range is permitted; otherwise it is denied.</param>
/// <param name="Range">The addresses that it matches.</param>
public sealed record AccessRule(bool Permit, Prefix Range)
{
    /// <summary>Reads <c>permit 239.1.0.0/16</c> or <c>deny 239.0.0.0/8</c>; a colon may replace the space.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out AccessRule rule)
    {
        rule = null;
        if (text?.Split(' ', ':') is not [var verdict and ("permit" or "deny"), var range] || !Prefix.TryParse(range, out var prefix))
            return false;
        rule = new AccessRule(verdict == "permit", prefix);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{(Permit ? "permit" : "deny")} {Range}";
}
