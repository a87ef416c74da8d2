using MulticastLab.Packets.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MulticastLab.Daemon.Yaml;

/// <summary>Reads one YAML document into nodes that know their place.</summary>
/// <remarks>
/// Built from the parser's events, as the library's representation model gives up at the first duplicate key.
/// </remarks>
public sealed class YamlReader
{
    // A configuration has four levels. Each level costs stack.
    private const int MostLevels = 32;

    private readonly Parser parser;
    private readonly Dictionary<AnchorName, YamlNode> anchors = [];
    private int level;

    private YamlReader(string text) => parser = new Parser(new StringReader(text));

    /// <summary>Reads a document.</summary>
    /// <returns>Its root; nothing for an empty text.</returns>
    /// <exception cref="InvalidFileException">The text is not YAML, or more than one document.</exception>
    public static YamlNode Read(string name, string text)
    {
        var reader = new YamlReader(text);
        try
        {
            return reader.Document();
        }
        catch (YamlException malformed)
        {
            throw NotYaml(TabIn(text, malformed) ?? malformed.Start, Reason(malformed));
        }
        catch (Exception stumbled) when (stumbled is InvalidOperationException or ArgumentException)
        {
            // The library's scanner stumbles over some texts, such as a plain word across lines in brackets that are never closed.
            throw NotYaml(reader.parser.Current?.End ?? Mark.Empty, "it cannot be made out what follows");
        }

        InvalidFileException NotYaml(Mark at, string reason) =>
            new([new FileProblem(name, (int)at.Line, (int)at.Column, $"not YAML: {reason}")]);
    }

    // For a tab used for indentation, the library reports where the mapping begins.
    private static Mark? TabIn(string text, YamlException malformed)
    {
        if (!malformed.Message.Contains("invalid tab", StringComparison.Ordinal))
            return null;
        var lines = text.Split('\n');
        var line = Array.FindIndex(lines, Math.Max(0, (int)malformed.Start.Line - 1), each => each.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? null : new Mark(0, line + 1, lines[line].IndexOf('\t') + 1);
    }

    // The library's message begins with the place, which is reported already.
    private static string Reason(YamlException malformed)
    {
        var message = malformed.Message;
        var end = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? message : message[(end + 3)..];
    }

    private YamlNode Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out var end))
            return new YamlScalar((int)end.Start.Line, (int)end.Start.Column, "", IsQuoted: false);
        parser.Consume<DocumentStart>();
        var root = Node();
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
            throw new YamlException(second.Start, second.End, "a second document begins; one file is one configuration");
        return root;
    }

    private YamlNode Node()
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return anchors.TryGetValue(alias.Value, out var known)
                ? known
                : throw new YamlException(alias.Start, alias.End, $"nothing is named &{alias.Value}");
        if (!parser.Accept<NodeEvent>(out var start) || ++level > MostLevels)
            throw new YamlException(parser.Current!.Start, parser.Current.Start, $"more than {MostLevels} levels");
        YamlNode node = start switch
        {
            SequenceStart => Sequence(),
            MappingStart => Mapping(),
            _ => Scalar(),
        };
        level--;
        if (!start.Anchor.IsEmpty)
            anchors[start.Anchor] = node;
        return node;
    }

    private YamlScalar Scalar()
    {
        var scalar = parser.Consume<Scalar>();
        return new YamlScalar((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private YamlSequence Sequence()
    {
        var start = parser.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node());
        return new YamlSequence((int)start.Start.Line, (int)start.Start.Column, items);
    }

    private YamlMapping Mapping()
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<YamlEntry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            parser.Accept<NodeEvent>(out var first);
            if (Node() is not YamlScalar key)
                throw new YamlException(first!.Start, first.End, "a key is a word");
            entries.Add(new YamlEntry(key, Node()));
        }

        return new YamlMapping((int)start.Start.Line, (int)start.Start.Column, entries);
    }
}
