using System.Text;

namespace MulticastLab.Router.Shell;

/// <summary>What a key does.</summary>
internal enum Key
{
    /// <summary>A character of the line.</summary>
    Text,
    Enter,
    Tab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    WordLeft,
    WordRight,
    EraseToStart,
    EraseToEnd,
    EraseWord,
    Search,
    Redraw,
    Interrupt,
    EndOfInput,
    Other,
}

/// <summary>
/// Turns the bytes that a terminal sends into keys: UTF-8, control characters, and the escape sequences that all terminals of today share.
/// </summary>
/// <param name="read">The next byte; -1 at the end of input.</param>
internal sealed class Keys(Func<int> read)
{
    /// <summary>The next key, and its character when it is one.</summary>
    public (Key Key, string Text) Next()
    {
        var first = read();
        return first switch
        {
            -1 or 4 => (Key.EndOfInput, ""),
            '\r' or '\n' => (Key.Enter, ""),
            '\t' => (Key.Tab, ""),
            8 or 127 => (Key.Backspace, ""),
            1 => (Key.Home, ""),
            2 => (Key.Left, ""),
            3 => (Key.Interrupt, ""),
            5 => (Key.End, ""),
            6 => (Key.Right, ""),
            11 => (Key.EraseToEnd, ""),
            12 => (Key.Redraw, ""),
            14 => (Key.Down, ""),
            16 => (Key.Up, ""),
            18 => (Key.Search, ""),
            21 => (Key.EraseToStart, ""),
            23 => (Key.EraseWord, ""),
            27 => (Escape(), ""),
            < 32 => (Key.Other, ""),
            _ => (Key.Text, Character(first)),
        };
    }

    private Key Escape()
    {
        var second = read();
        if (second is 'b' or 'f')
            return second == 'b' ? Key.WordLeft : Key.WordRight;
        if (second is not ('[' or 'O'))
            return Key.Other;
        var parameters = new StringBuilder();
        int last;
        while ((last = read()) is >= 0x20 and < 0x40)
            parameters.Append((char)last);
        return (last, parameters.ToString()) switch
        {
            ('A', _) => Key.Up,
            ('B', _) => Key.Down,
            ('C', "1;5") => Key.WordRight,
            ('D', "1;5") => Key.WordLeft,
            ('C', _) => Key.Right,
            ('D', _) => Key.Left,
            ('H', _) or ('~', "1" or "7") => Key.Home,
            ('F', _) or ('~', "4" or "8") => Key.End,
            ('~', "3") => Key.Delete,
            _ => Key.Other,
        };
    }

    private string Character(int first)
    {
        var length = first switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
        var bytes = new byte[length];
        bytes[0] = (byte)first;
        for (var i = 1; i < length; i++)
            bytes[i] = (byte)Math.Max(read(), 0);
        return Encoding.UTF8.GetString(bytes);
    }
}
