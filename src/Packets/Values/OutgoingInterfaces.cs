using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MulticastLab.Packets;

/// <summary>
/// Where multicast packets go out: for each interface of a router (0 to 31, the kernel's VIFs) a TTL threshold. A packet goes out when its
/// TTL, counted on arrival, is above the threshold; 0 is "never".
/// </summary>
[InlineArray(Most)]
public struct OutgoingInterfaces : IEquatable<OutgoingInterfaces>
{
    /// <summary>How many interfaces there can be: as many as the kernel's MAXVIFS.</summary>
    public const int Most = 32;

    /// <summary>Out of no interface.</summary>
    public static readonly OutgoingInterfaces None;

    private byte first;

    /// <summary>Out of these interfaces, whatever the TTL above 1.</summary>
    public static OutgoingInterfaces Of(params ReadOnlySpan<int> interfaces)
    {
        var outgoing = None;
        foreach (var each in interfaces)
            outgoing[each] = 1;
        return outgoing;
    }

    /// <summary>Whether packets go out there.</summary>
    public readonly bool Contains(int number) => this[number] != 0;

    /// <summary>Whether packets go out nowhere.</summary>
    public readonly bool IsEmpty => Bytes.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>The same, and out of this interface above this TTL; 0 takes it away.</summary>
    public readonly OutgoingInterfaces With(int number, byte threshold = 1)
    {
        var changed = this;
        changed[number] = threshold;
        return changed;
    }

    /// <inheritdoc/>
    public readonly bool Equals(OutgoingInterfaces other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is OutgoingInterfaces other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(OutgoingInterfaces left, OutgoingInterfaces right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(OutgoingInterfaces left, OutgoingInterfaces right) => !left.Equals(right);

    /// <summary><c>1 2(16)</c>: the numbers of the interfaces, with the thresholds that are not 1.</summary>
    public override readonly string ToString()
    {
        var parts = new List<string>();
        for (var number = 0; number < Most; number++)
        {
            if (this[number] != 0)
                parts.Add(this[number] == 1 ? $"{number}" : $"{number}({this[number]})");
        }

        return string.Join(' ', parts);
    }

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Bytes => this;
}
