using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace MulticastLab.Membership;

/// <summary>Lists of settings, so that two settings that say the same are equal, and reading them again is no change.</summary>
internal static class ValueList
{
    /// <summary>The same elements as a list that equals every other one with these elements in this order.</summary>
    [return: NotNullIfNotNull(nameof(elements))]
    public static IReadOnlyList<T>? Of<T>(IReadOnlyList<T>? elements) => elements switch
    {
        null => null,
        ValueList<T> => elements,
        // The one empty array, which is equal to itself.
        { Count: 0 } => [],
        _ => new ValueList<T>([.. elements]),
    };
}

/// <summary>A list that is a value: what was put into it stays as it was.</summary>
internal sealed class ValueList<T>(T[] elements) : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    public int Count => elements.Length;

    public T this[int index] => elements[index];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => elements.GetEnumerator();

    public bool Equals(ValueList<T>? other) => other is not null && elements.AsSpan().SequenceEqual(other.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var element in elements)
            hash.Add(element);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<T> AsSpan() => elements;
}
