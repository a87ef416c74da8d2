using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>
/// Where an entry's packets go out: per virtual interface (VIF, 0 to 31) a TTL threshold. A packet goes out when its TTL, counted on
/// arrival, is above the threshold; 0 is "never".
/// </summary>
[InlineArray(MulticastRoutingSocket.MaxVifs)]
public struct VifThresholds : IEquatable<VifThresholds>
{
    private byte first;

    /// <summary>Out of no interface.</summary>
    public static readonly VifThresholds None;

    /// <summary>Out of these interfaces, whatever the TTL above 1.</summary>
    public static VifThresholds Of(params ReadOnlySpan<int> vifs)
    {
        var thresholds = None;
        foreach (var vif in vifs)
            thresholds[vif] = 1;
        return thresholds;
    }

    /// <summary>Whether packets go out there.</summary>
    public readonly bool Contains(int vif) => this[vif] != 0;

    /// <summary>Whether packets go out nowhere.</summary>
    public readonly bool IsEmpty => Bytes.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The same, and out of this interface above this TTL; 0 takes it away.</summary>
    public readonly VifThresholds With(int vif, byte threshold = 1)
    {
        var changed = this;
        changed[vif] = threshold;
        return changed;
    }

    /// <inheritdoc/>
    public readonly bool Equals(VifThresholds other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is VifThresholds other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(VifThresholds left, VifThresholds right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(VifThresholds left, VifThresholds right) => !left.Equals(right);

    /// <summary><c>1 2(16)</c>: the numbers of the interfaces, with the thresholds that are not 1.</summary>
    public override readonly string ToString()
    {
        var parts = new List<string>();
        for (var vif = 0; vif < MulticastRoutingSocket.MaxVifs; vif++)
        {
            if (this[vif] != 0)
                parts.Add(this[vif] == 1 ? $"{vif}" : $"{vif}({this[vif]})");
        }

        return string.Join(' ', parts);
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Bytes => this;
}
