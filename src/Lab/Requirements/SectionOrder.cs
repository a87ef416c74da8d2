namespace MulticastLab.Lab.Requirements;

/// <summary>The order of an RFC's sections: 6.10 comes after 6.9.</summary>
public static class SectionOrder
{
    /// <summary>Compares them; numbers as numbers, and what stands before them as text.</summary>
    public static readonly Comparer<string> Comparer = Comparer<string>.Create((left, right) =>
    {
        var (first, second) = (left.Split('.', ' '), right.Split('.', ' '));
        for (var i = 0; i < Math.Min(first.Length, second.Length); i++)
        {
            var order = int.TryParse(first[i].TrimStart('§'), out var a) && int.TryParse(second[i].TrimStart('§'), out var b)
                ? a.CompareTo(b)
                : string.CompareOrdinal(first[i], second[i]);
            if (order != 0)
                return order;
        }

        return first.Length.CompareTo(second.Length);
    });
}
