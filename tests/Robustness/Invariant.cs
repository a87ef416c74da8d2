using System.Runtime.CompilerServices;
using MulticastLab.Robustness.Fuzz;

namespace MulticastLab.Robustness;

/// <summary>Invariants, stated where they are checked.</summary>
internal static class Invariant
{
    /// <exception cref="BrokenInvariantException">It does not hold.</exception>
    public static void Holds(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref WhenBroken otherwise)
    {
        if (!condition)
            throw new BrokenInvariantException(otherwise.ToText());
    }

    /// <summary>The text is only built when it is needed.</summary>
    [InterpolatedStringHandler]
    internal ref struct WhenBroken
    {
        private DefaultInterpolatedStringHandler text;

        public WhenBroken(int literalLength, int formattedCount, bool condition, out bool needed)
        {
            needed = !condition;
            text = needed ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string literal) => text.AppendLiteral(literal);

        public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

        public string ToText() => text.ToStringAndClear();
    }
}
