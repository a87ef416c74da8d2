using MulticastLab.Packets;

namespace MulticastLab.Membership;

/// <summary>A group from all sources, (*,G), or from one, (S,G).</summary>
/// <param name="Group">G.</param>
/// <param name="Source">S; null for all sources.</param>
public readonly record struct GroupAndSource(Address Group, Address? Source = null)
{
    /// <summary>Reads <c>239.1.1.1</c> as (*,G) and <c>192.0.2.1,232.1.1.1</c> as (S,G).</summary>
    public static bool TryParse(string? text, out GroupAndSource membership)
    {
        membership = default;
        var parts = text?.Split(',') ?? [];
        if (parts.Length is < 1 or > 2 || !Address.TryParse(parts[^1], out var group))
            return false;
        if (parts.Length == 1)
        {
            membership = new GroupAndSource(group);
            return true;
        }

        if (!Address.TryParse(parts[0], out var source))
            return false;
        membership = new GroupAndSource(group, source);
        return true;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => Source is { } source ? $"{source},{Group}" : Group.ToString();
}
