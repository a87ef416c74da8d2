namespace MulticastLab.Membership.Router;

/// <summary>
/// Where a source can stand when a record arrives: whether the router has it, forwarded (in A or X) or blocked (in Y), and whether the
/// record names it. The six are disjoint, so every set expression of RFC 9776 §6.4 is a union of some of them.
/// </summary>
[Flags]
internal enum Standing : byte
{
    Nowhere = 0,
    Named = 1 << 0,
    Forwarded = 1 << 1,
    ForwardedAndNamed = 1 << 2,
    Blocked = 1 << 3,
    BlockedAndNamed = 1 << 4,
}

/// <summary>A set of sources written as in RFC 9776 §6.4: <c>+</c> union, <c>*</c> intersection, <c>-</c> difference.</summary>
/// <param name="Standings">The standings of which the set consists.</param>
/// <param name="Text">The expression.</param>
internal readonly record struct SourceSet(Standing Standings, string Text)
{
    private bool IsCompound => Text.AsSpan().IndexOfAny("+-*") >= 0;

    private string Enclosed => IsCompound ? $"({Text})" : Text;

    /// <summary>The sources whose timers run: A of INCLUDE (A), X of EXCLUDE (X,Y).</summary>
    public static SourceSet ForwardedAs(string name) => new(Standing.Forwarded | Standing.ForwardedAndNamed, name);

    /// <summary>The sources whose timers are zero: Y of EXCLUDE (X,Y).</summary>
    public static SourceSet BlockedAs(string name) => new(Standing.Blocked | Standing.BlockedAndNamed, name);

    /// <summary>The sources of the record.</summary>
    public static SourceSet NamedAs(string name) => new(Standing.Named | Standing.ForwardedAndNamed | Standing.BlockedAndNamed, name);

    public static SourceSet operator +(SourceSet a, SourceSet b) => new(a.Standings | b.Standings, $"{a.Text}+{b.Enclosed}");

    public static SourceSet operator -(SourceSet a, SourceSet b) => new(a.Standings & ~b.Standings, $"{a.Text}-{b.Enclosed}");

    public static SourceSet operator *(SourceSet a, SourceSet b) => new(a.Standings & b.Standings, $"{a.Enclosed}*{b.Enclosed}");

    public bool Has(Standing standing) => (Standings & standing) != 0;
}
