using System.Text.Json;
using System.Text.Json.Serialization;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.State;

// How the values of leaves are represented in JSON. Each words its errors so that they can follow the place.

/// <summary>An address as text, without a string for each: a dump may have a million of them.</summary>
public sealed class AddressConverter : JsonConverter<Address>
{
    /// <inheritdoc/>
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = LeafText.Of(ref reader);
        return Address.TryParse(text, out var address) ? address : throw new JsonException($" is not an IP address: \"{text}\"");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[Address.LongestText];
        writer.WriteStringValue(text[..value.Format(text)]);
    }
}

/// <summary>A time in milliseconds, rounded up so that a running timer does not show as expired.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    private const long Longest = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>The number that is written for a time.</summary>
    public static long Of(TimeSpan time)
    {
        var (whole, rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerMillisecond);
        return rest > 0 && whole < Longest ? whole + 1 : whole;
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var milliseconds = LongWholeNumberConverter.Read(ref reader);
        return milliseconds <= Longest
            ? new TimeSpan(milliseconds * TimeSpan.TicksPerMillisecond)
            : throw new JsonException(" is too long a time");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(Of(value));
}

/// <summary>A whole number from 0.</summary>
internal sealed class WholeNumberConverter : JsonConverter<int>
{
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LongWholeNumberConverter.Read(ref reader) is var number and <= int.MaxValue ? (int)number : throw LongWholeNumberConverter.Wrong();

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>A whole number from 0 that may be large.</summary>
internal sealed class LongWholeNumberConverter : JsonConverter<long>
{
    public static long Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0 ? number : throw Wrong();

    public static JsonException Wrong() => new(" is not a whole number from 0");

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>One of two words.</summary>
/// <typeparam name="T">The values that have them.</typeparam>
/// <param name="zero">The first word.</param>
/// <param name="one">The second word.</param>
public abstract class WordConverter<T>(string zero, string one) : JsonConverter<T>
    where T : struct, Enum
{
    private readonly string[] words = [zero, one];

    /// <summary>The value of the first (0) or the second (1) word.</summary>
    protected abstract T Value(int index);

    /// <summary>Which word the value has: the first (0) or the second (1).</summary>
    protected abstract int Index(T value);

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = LeafText.Of(ref reader);
        var index = Array.IndexOf(words, text);
        return index >= 0 ? Value(index) : throw new JsonException($" is none of {string.Join(", ", words)}: \"{text}\"");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(words[Index(value)]);
    }
}

/// <summary>A filter mode.</summary>
public sealed class FilterModeConverter() : WordConverter<FilterMode>("include", "exclude")
{
    /// <inheritdoc/>
    protected override FilterMode Value(int index) => (FilterMode)index;

    /// <inheritdoc/>
    protected override int Index(FilterMode value) => (int)value;
}

internal sealed class OperStatusConverter() : WordConverter<OperStatus>("down", "up")
{
    protected override OperStatus Value(int index) => (OperStatus)index;

    protected override int Index(OperStatus value) => (int)value;
}

internal sealed class QuerierRoleConverter() : WordConverter<QuerierRole>("non-querier", "querier")
{
    protected override QuerierRole Value(int index) => (QuerierRole)index;

    protected override int Index(QuerierRole value) => (int)value;
}

/// <summary>
/// A group, whose leaves are read and written on the fly: a dump may have a million groups, and their leaves would take more memory than
/// their state.
/// </summary>
internal sealed class GroupStateConverter : JsonConverter<GroupState>
{
    public override bool HandleNull => true;

    public override GroupState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return (JsonSerializer.Deserialize(ref reader, LeavesContext.Default.GroupLeaves) ?? throw LeafFault.NoObject()).ToState();
        }
        catch (JsonException wrong) when (LeafFault.Of(wrong) is { } fault)
        {
            // Without a path of its own it gets that of the group.
            throw new JsonException(fault, wrong.InnerException);
        }
    }

    public override void Write(Utf8JsonWriter writer, GroupState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToLeaves(), LeavesContext.Default.GroupLeaves);
}

/// <summary>The text of a leaf.</summary>
internal static class LeafText
{
    public static string Of(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException(" is not a string");
}
