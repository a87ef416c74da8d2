namespace MulticastLab.Router.Shell;

/// <summary>Where a line is edited.</summary>
internal interface ITerminal
{
    /// <summary>How many columns it has.</summary>
    int Width { get; }

    /// <summary>The next byte of input; -1 at its end.</summary>
    int Read();

    /// <summary>Writes at once.</summary>
    void Write(string text);
}
