using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace MulticastLab.LabRunner.Output;

/// <summary>
/// Where a command writes: results to standard output, diagnostics to standard error. Escape codes go to terminals only; NO_COLOR
/// takes the colours away, CI the parts that move. Control characters in what is written are made visible (<see cref="GuardedWriter"/>).
/// </summary>
internal sealed class Terminal
{
    private const int BrokenPipe = 32; // EPIPE

    private Terminal(TextWriter output, TextWriter error, IAnsiConsole? rich, bool moves)
    {
        Out = new GuardedWriter(output);
        Error = new GuardedWriter(error);
        Rich = rich;
        Moves = moves;
    }

    /// <summary>Standard output, for plain text and JSON.</summary>
    public TextWriter Out { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>The terminal behind standard output; null when it is a pipe or a file.</summary>
    public IAnsiConsole? Rich { get; }

    /// <summary>Whether live displays are welcome.</summary>
    public bool Moves { get; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfThisProcess()
    {
        var isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        var output = Console.IsOutputRedirected ? new StreamWriter(OpenOutput()) { AutoFlush = true } : Console.Out;
        return new Terminal(output, Console.Error, isTerminal ? RichConsole(!IsSet("CI")) : null, isTerminal && !IsSet("CI"));
    }

    /// <summary>No terminal: plain text to the two writers.</summary>
    public static Terminal OfText(TextWriter output, TextWriter error) => new(output, error, rich: null, moves: false);

    /// <summary>Standard output as bytes. Writing to a pipe that nobody reads any more throws.</summary>
    public static Stream OpenOutput()
    {
        // The console's own stream swallows the broken pipe, and a watch would go on forever unread.
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    /// <summary>Whether writing has failed because the reader of a pipe has gone: it has seen enough.</summary>
    public static bool IsReaderGone(Exception failure) => failure is IOException { HResult: BrokenPipe };

    /// <summary>
    /// Writes markup on a terminal and the same without it elsewhere. What comes from outside goes through <see cref="OutsideText"/>.
    /// </summary>
    public void Write(string markup)
    {
        if (Rich is not null)
            Rich.MarkupLine(markup);
        else
            Out.WriteLine(Markup.Remove(markup));
    }

    /// <summary>The same, with so many blanks before it, and before what does not fit into the line of a terminal.</summary>
    public void WriteIndented(int blanks, string markup)
    {
        if (Rich is not null)
            Rich.Write(new Padder(new Markup(markup), new Padding(blanks, 0, 0, 0)));
        else
            Out.WriteLine(new string(' ', blanks) + Markup.Remove(markup));
    }

    /// <summary>Writes an indented JSON document.</summary>
    public void WriteJson<T>(T document, JsonTypeInfo<T> type) =>
        Out.WriteLine(JsonText(json => JsonSerializer.Serialize(json, document, type), indented: true));

    /// <summary>Writes one JSON line, at once.</summary>
    public void WriteJsonLine<T>(T line, JsonTypeInfo<T> type) => WriteJsonLine(json => JsonSerializer.Serialize(json, line, type));

    /// <summary>The same for what no record holds.</summary>
    public void WriteJsonLine(Action<Utf8JsonWriter> write)
    {
        Out.WriteLine(JsonText(write, indented: false));
        Out.Flush();
    }

    /// <summary>Writes a diagnostic.</summary>
    public void Complain(string message, string? remedy = null)
    {
        Error.WriteLine($"labrunner: {message}");
        if (remedy is not null)
            Error.WriteLine($"  {remedy.ReplaceLineEndings("\n  ")}");
    }

    private static string JsonText(Action<Utf8JsonWriter> write, bool indented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // What is written are texts for people, and not pages of a browser: quotes, umlauts and arrows stay as they are.
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static IAnsiConsole RichConsole(bool moves) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = IsSet("NO_COLOR") ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        Interactive = moves ? InteractionSupport.Yes : InteractionSupport.No,
    });

    // https://no-color.org: present and not empty.
    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value && value != "false";
}
