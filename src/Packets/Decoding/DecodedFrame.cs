using System.Text;

namespace MulticastLab.Packets.Decoding;

/// <summary>A decoded frame: one line of text, and the tree of its fields.</summary>
public sealed record DecodedFrame
{
    /// <summary>The sender: an IP address, or a MAC address where there is none; empty when not even that is present or readable.</summary>
    public required string Source { get; init; }

    /// <summary>The destination, likewise.</summary>
    public required string Destination { get; init; }

    /// <summary>The innermost protocol: <c>IGMPv3</c>, <c>UDP</c>, <c>ARP</c> ….</summary>
    public required string Protocol { get; init; }

    /// <summary>What it says: <c>General Query  QRV 2, QQI 125 s, Max Resp 10 s</c>.</summary>
    public required string Info { get; init; }

    /// <summary>The first error in it; the tree still has everything that can be read.</summary>
    public required PacketError Error { get; init; }

    /// <summary>Whether the capture has less of it than was on the wire; what the missing bytes would have shown is not judged.</summary>
    public bool IsCut { get; init; }

    /// <summary>Whether the bytes end within a header, so that it is unknown what would have followed.</summary>
    public bool EndsWithinHeader { get; init; }

    /// <summary>
    /// Where the decoding stopped though more followed, with the number: <c>link type 147</c>, <c>ethertype 0x88cc</c>, <c>802.11 protected
    /// data</c>; null when it came to the end.
    /// </summary>
    public string? NotDecoded { get; init; }

    /// <summary>The layers, outermost first, each a group of fields.</summary>
    public required IReadOnlyList<Field> Layers { get; init; }

    /// <summary>The frame in one line: <c>10.0.0.1 → 224.0.0.1  IGMPv3 General Query  QRV 2, QQI 125 s, Max Resp 10 s</c>.</summary>
    public override string ToString() =>
        Source.Length == 0 && Destination.Length == 0 ? $"{Protocol} {Info}" : $"{Source} → {Destination}  {Protocol} {Info}";

    /// <summary>The fields in lines, children indented.</summary>
    public string ToTree()
    {
        var text = new StringBuilder();
        foreach (var layer in Layers)
            Append(text, layer, 0);
        if (Error != PacketError.None)
            text.Append("Malformed: ").Append(Error.Describe()).Append(" (").Append(Error).Append(")\n");
        if (NotDecoded is not null)
            text.Append("Not decoded: ").Append(NotDecoded).Append('\n');
        if (IsCut)
            text.Append("Cut short by the capture\n");
        return text.ToString();
    }

    /// <summary>Every field with this name, in order.</summary>
    public IEnumerable<Field> Fields(string name) => Layers.SelectMany(layer => Named(layer, name));

    private static IEnumerable<Field> Named(Field field, string name)
    {
        if (field.Name == name)
            yield return field;
        foreach (var each in field.Children.SelectMany(child => Named(child, name)))
            yield return each;
    }

    private static void Append(StringBuilder text, Field field, int depth)
    {
        text.Append(' ', 4 * depth).Append(field.Label).Append('\n');
        foreach (var child in field.Children)
            Append(text, child, depth + 1);
    }
}
