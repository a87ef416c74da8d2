using System.Collections;

namespace MulticastLab.Lab.Engines;

/// <summary>The first elements of a list that only ever grows: a snapshot that costs nothing to take.</summary>
internal sealed class ListSnapshot<T>(List<T> list, int count) : IReadOnlyList<T>
{
    public int Count => count;

    public T this[int index] => index < count ? list[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < count; i++)
            yield return list[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
