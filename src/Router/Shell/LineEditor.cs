namespace MulticastLab.Router.Shell;

/// <summary>
/// Edits one line in a terminal in raw mode: moving about, erasing, earlier lines, search, completion by Tab and help by <c>?</c>.
/// </summary>
internal sealed class LineEditor(ITerminal terminal, History history, CommandSet commands, ILiveValues live)
{
    private readonly Keys keys = new(terminal.Read);
    private string prompt = "";
    private EditedLine line = new();
    private bool tabbed;

    /// <summary>Edits a line.</summary>
    /// <param name="promptText">What stands before it.</param>
    /// <returns>The line; null at the end of input.</returns>
    public string? ReadLine(string promptText)
    {
        (prompt, line) = (promptText, new EditedLine());
        var at = history.Lines.Count;
        var begun = "";
        Draw();
        while (true)
        {
            var (key, text) = keys.Next();
            switch (key)
            {
                case Key.Enter:
                    terminal.Write("\r\n");
                    return line.Text;
                case Key.EndOfInput when line.Text.Length == 0:
                    terminal.Write("\r\n");
                    return null;
                case Key.Interrupt:
                    terminal.Write("^C\r\n");
                    return "";
                case Key.Up or Key.Down:
                    if (at == history.Lines.Count)
                        begun = line.Text;
                    at = Math.Clamp(at + (key == Key.Up ? -1 : 1), 0, history.Lines.Count);
                    line.Replace(at == history.Lines.Count ? begun : history.Lines[at]);
                    break;
                case Key.Search:
                    if (Search() is { } found)
                        return found;
                    break;
                case Key.Tab:
                    Complete();
                    break;
                case Key.Text when text == "?" && !IsBetweenQuotes():
                    Help();
                    break;
                case Key.Redraw:
                    terminal.Write("\e[H\e[2J");
                    break;
                default:
                    line.Edit(key, text);
                    break;
            }

            tabbed = key == Key.Tab;
            Draw();
        }
    }

    private void Complete()
    {
        var (words, begun) = Words();
        var candidates = commands.Complete(words, begun, live);
        if (candidates.Count == 0)
        {
            terminal.Write("\a");
            return;
        }

        var common = candidates.Count == 1 ? candidates[0] + " " : Common(candidates);
        if (common.Length > begun.Length || candidates.Count == 1)
            line.ReplaceBeforeCursor(begun.Length, common);
        else if (tabbed)
            terminal.Write($"\r\n{Columns(candidates)}\r\n");
        else
            terminal.Write("\a");
    }

    private void Help()
    {
        var (words, begun) = Words();
        var next = commands.Next(words, begun);
        var text = next.Count == 0 ? "  nothing fits here" : HelpText.Next(next);
        terminal.Write($"?\r\n{text.Replace("\n", "\r\n", StringComparison.Ordinal)}\r\n");
    }

    /// <summary>Ctrl-R: the newest earlier line with what is typed; again for an older one.</summary>
    /// <returns>The line when it was accepted as it is; null when it is to be edited on.</returns>
    private string? Search()
    {
        var text = "";
        var at = history.Lines.Count - 1;
        while (true)
        {
            var found = history.Search(text, at);
            terminal.Write($"\r\e[K(search) '{text}': {(found < 0 ? "" : history.Lines[found])}");
            var (key, typed) = keys.Next();
            switch (key)
            {
                case Key.Text:
                    text += typed;
                    break;
                case Key.Backspace when text.Length > 0:
                    (text, at) = (text[..^1], history.Lines.Count - 1);
                    break;
                case Key.Search:
                    at = found > 0 ? found - 1 : at;
                    break;
                case Key.Interrupt or Key.EndOfInput:
                    return null;
                default:
                    if (found >= 0)
                        line.Replace(history.Lines[found]);
                    if (key != Key.Enter)
                        return null;
                    Draw();
                    terminal.Write("\r\n");
                    return line.Text;
            }
        }
    }

    /// <summary>The words before the cursor, and the one that is begun there.</summary>
    private (List<string> Words, string Begun) Words()
    {
        var words = ShellWords.Split(line.BeforeCursor);
        return (words[..^1], words[^1]);
    }

    private bool IsBetweenQuotes() => line.BeforeCursor.Count(letter => letter == '"') % 2 == 1;

    /// <summary>Draws the line; where it is longer than the terminal is wide, the part around the cursor.</summary>
    private void Draw()
    {
        var room = Math.Max(1, terminal.Width - prompt.Length - 1);
        var start = Math.Max(0, line.Cursor - room);
        var visible = line.Text[start..Math.Min(line.Text.Length, start + room)];
        terminal.Write($"\r{prompt}{visible}\e[K\r\e[{prompt.Length + line.Cursor - start}C");
    }

    private string Columns(IReadOnlyList<string> words)
    {
        var width = words.Max(each => each.Length) + 2;
        return string.Join(
            "\r\n",
            words
                .Chunk(Math.Max(1, terminal.Width / width))
                .Select(row => string.Concat(row.Select(each => each.PadRight(width))).TrimEnd()));
    }

    private static string Common(IReadOnlyList<string> words)
    {
        var length = 0;
        while (words.All(each => each.Length > length && each[length] == words[0][length]))
            length++;
        return words[0][..length];
    }
}
