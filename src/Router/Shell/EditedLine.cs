namespace MulticastLab.Router.Shell;

/// <summary>A line that is being edited, and where the cursor stands in it.</summary>
internal sealed class EditedLine
{
    /// <summary>The text.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Before which letter the cursor stands; at the end, behind the last.</summary>
    public int Cursor { get; private set; }

    /// <summary>What stands before the cursor.</summary>
    public string BeforeCursor => Text[..Cursor];

    /// <summary>Puts another text in its place; the cursor stands at its end.</summary>
    public void Replace(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Puts a text in the place of the letters before the cursor.</summary>
    public void ReplaceBeforeCursor(int letters, string text)
    {
        var start = Cursor - letters;
        (Text, Cursor) = (Text[..start] + text + Text[Cursor..], start + text.Length);
    }

    /// <summary>Does what a key says, as far as it is about this line alone.</summary>
    public void Edit(Key key, string text)
    {
        switch (key)
        {
            case Key.Text:
                ReplaceBeforeCursor(0, text);
                break;
            case Key.Backspace when Cursor > 0:
                ReplaceBeforeCursor(1, "");
                break;
            case Key.Delete or Key.EndOfInput when Cursor < Text.Length:
                Text = Text.Remove(Cursor, 1);
                break;
            case Key.Left:
                Cursor = Math.Max(0, Cursor - 1);
                break;
            case Key.Right:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                break;
            case Key.WordLeft:
                Cursor = WordStart();
                break;
            case Key.WordRight:
                Cursor = WordEnd();
                break;
            case Key.Home:
                Cursor = 0;
                break;
            case Key.End:
                Cursor = Text.Length;
                break;
            case Key.EraseToStart:
                ReplaceBeforeCursor(Cursor, "");
                break;
            case Key.EraseToEnd:
                Replace(BeforeCursor);
                break;
            case Key.EraseWord:
                ReplaceBeforeCursor(Cursor - WordStart(), "");
                break;
        }
    }

    private int WordStart()
    {
        var start = Cursor;
        while (start > 0 && Text[start - 1] == ' ')
            start--;
        while (start > 0 && Text[start - 1] != ' ')
            start--;
        return start;
    }

    private int WordEnd()
    {
        var end = Cursor;
        while (end < Text.Length && Text[end] == ' ')
            end++;
        while (end < Text.Length && Text[end] != ' ')
            end++;
        return end;
    }
}
