using System.Globalization;

namespace MulticastLab.Packets.Decoding;

/// <summary>Collects the fields of one layer or group.</summary>
/// <param name="start">Where the layer begins in the frame; offsets are counted from there.</param>
internal sealed class LayerBuilder(int start)
{
    private readonly List<Field> fields = [];

    public void Number(string name, string label, int offset, int length, long value, string note = "", bool repeats = false) =>
        Add(name, $"{label}: {value}{note}", FieldKind.Number, Invariant($"{value}"), offset, length, repeats);

    public void Flag(string name, string label, int offset, int length, bool value) =>
        Add(name, $"{label}: {(value ? "set" : "not set")}", FieldKind.Flag, value ? "1" : "0", offset, length, repeats: false);

    /// <summary>
    /// A number that is written in hexadecimal, with so many digits as its width has, unless Wireshark writes it with others.
    /// </summary>
    public void Hex(
        string name, string label, int offset, int length, uint value, string note = "", int? digits = null, bool repeats = false)
    {
        var text = "0x" + value.ToString($"x{digits ?? (length == 1 ? 2 : 4)}", CultureInfo.InvariantCulture);
        Add(name, $"{label}: {text}{note}", FieldKind.Text, text, offset, length, repeats);
    }

    public void Text(string name, string label, int offset, int length, string value, bool repeats = false) =>
        Add(name, $"{label}: {value}", FieldKind.Text, value, offset, length, repeats);

    /// <summary>Bytes, written as pairs of hexadecimal digits; none make no field.</summary>
    public void Bytes(string name, string label, int offset, ReadOnlySpan<byte> value, bool repeats = false)
    {
        if (!value.IsEmpty)
            Text(name, label, offset, value.Length, ToText(value), repeats);
    }

    public void Group(string name, string label, int offset, int length, LayerBuilder children) =>
        fields.Add(new Field
        {
            Name = name,
            Label = label,
            Kind = FieldKind.Group,
            Offset = start + offset,
            Length = length,
            Repeats = true,
            Children = children.fields,
        });

    /// <summary>Adds further fields under the last one.</summary>
    public void Under(LayerBuilder children) => fields[^1] = fields[^1] with { Children = children.fields };

    /// <summary>A builder of children, with the same counting of offsets.</summary>
    public LayerBuilder Nested() => new(start);

    /// <param name="name">The protocol's name.</param>
    /// <param name="label">The layer for people.</param>
    /// <param name="length">How many bytes of the frame it has.</param>
    /// <param name="repeats">Whether a frame may have several.</param>
    public Field ToLayer(string name, string label, int length, bool repeats = false) => new()
    {
        Name = name,
        Label = label,
        Kind = FieldKind.Group,
        Offset = start,
        Length = length,
        Repeats = repeats,
        Children = fields,
    };

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder(bytes.Length * 3);
        foreach (var each in bytes)
            text.Append(text.Length == 0 ? "" : ":").Append(CultureInfo.InvariantCulture, $"{each:x2}");
        return text.ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Add(string name, string label, FieldKind kind, string value, int offset, int length, bool repeats) =>
        fields.Add(new Field
        {
            Name = name,
            Label = label,
            Kind = kind,
            Value = value,
            Offset = start + offset,
            Length = length,
            Repeats = repeats,
        });
}
