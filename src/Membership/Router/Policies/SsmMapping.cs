using System.Diagnostics.CodeAnalysis;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// A source that stands for "all sources" where hosts join a source-specific group without naming any (RFC 8652 <c>ssm-map</c>).
/// </summary>
/// <param name="Groups">The groups of the source-specific range for which it does so. Several mappings may apply to the same group.</param>
/// <param name="Source">The source.</param>
public sealed record SsmMapping(Prefix Groups, Address Source)
{
    /// <summary>Reads <c>192.0.2.1,232.1.0.0/16</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [MaybeNullWhen(false)] out SsmMapping mapping)
    {
        mapping = null;
        if (
            text?.Split(',') is not [var source, var groups]
            || !Address.TryParse(source, out var address)
            || !Prefix.TryParse(groups, out var prefix))
            return false;
        mapping = new SsmMapping(prefix, address);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => $"{Source},{Groups}";
}
