using System.Text;
using System.Text.Unicode;

namespace MulticastLab.Packets.Text;

/// <summary>
/// Text in files that people write, perhaps on another system: UTF-8, with or without a byte order mark, lines that end with LF, CR LF or
/// CR. What is read here has neither the mark nor a CR.
/// </summary>
public static class FileText
{
    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file.</summary>
    /// <param name="file">The file's name as it was given.</param>
    /// <param name="bytes">What it holds.</param>
    /// <exception cref="InvalidFileException">It is not UTF-8 text; the message says what it is instead.</exception>
    public static string Decode(string file, ReadOnlySpan<byte> bytes)
    {
        Check(file, bytes);
        var text = Clean(bytes) is { } cleaned ? cleaned : bytes;
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException failure)
        {
            throw At(file, text, failure.Index, "the file is not UTF-8 text here");
        }
    }

    /// <summary>The lines of a script. A shell does not care in which encoding letters beyond ASCII are, so neither does this.</summary>
    /// <param name="file">The file's name as it was given.</param>
    /// <param name="bytes">What it holds.</param>
    /// <exception cref="InvalidFileException">It is UTF-16 or UTF-32 text, or no text at all.</exception>
    public static string[] ScriptLines(string file, ReadOnlySpan<byte> bytes)
    {
        Check(file, bytes);
        var text = Encoding.UTF8.GetString(Clean(bytes) ?? bytes);
        return (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }

    /// <summary>Checks that a file is text, whatever the encoding of letters beyond ASCII.</summary>
    /// <param name="file">The file's name as it was given.</param>
    /// <param name="bytes">What it holds.</param>
    /// <exception cref="InvalidFileException">It is UTF-16 or UTF-32 text, or no text at all.</exception>
    public static void Check(string file, ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..])
            throw At(file, bytes, 0, "the file is UTF-32 text: save it as UTF-8");
        // Without a mark, every other byte of ASCII letters is 0.
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..])
            throw At(file, bytes, 0, "the file is UTF-16 text: save it as UTF-8");
        if (bytes.IndexOf((byte)0) is var nul and >= 0)
            throw At(file, bytes, nul, "the file is not text: there is a NUL character here");
    }

    /// <summary>Whether bytes are UTF-8 text.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);

    /// <summary>The bytes of a text without byte order mark and with LF at the end of each line; null when they are that already.</summary>
    public static byte[]? Clean(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (text.Length == bytes.Length && !text.Contains(CarriageReturn))
            return null;
        var cleaned = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != CarriageReturn)
                cleaned[length++] = text[i];
            else if (i + 1 == text.Length || text[i + 1] != LineFeed)
                cleaned[length++] = LineFeed;
        }

        return cleaned[..length];
    }

    private static InvalidFileException At(string file, ReadOnlySpan<byte> text, int index, string message)
    {
        var before = text[..index];
        return new InvalidFileException([new FileProblem(file, before.Count(LineFeed) + 1, index - before.LastIndexOf(LineFeed), message)]);
    }
}
