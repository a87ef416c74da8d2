using System.Globalization;

namespace MulticastLab.Conformance.Verdicts;

/// <summary>Display filters of Wireshark that select the frames that decide.</summary>
internal static class FrameFilter
{
    /// <summary>The filter.</summary>
    /// <param name="numbers">The frames' numbers.</param>
    /// <param name="onlyMessages">Whether all of them are messages of the protocol.</param>
    /// <param name="otherwise">What is selected when there are none.</param>
    internal static string Of(IReadOnlyList<int> numbers, bool onlyMessages, string otherwise)
    {
        if (numbers.Count == 0)
            return otherwise;
        var list = string.Join(", ", numbers.Select(each => each.ToString(CultureInfo.InvariantCulture)));
        var which = numbers.Count == 1 ? $"frame.number == {list}" : $"frame.number in {{{list}}}";
        return onlyMessages ? $"igmp && {which}" : which;
    }
}
