using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Shell;

/// <summary>The terminal that the process was started in.</summary>
/// <remarks>Bypasses the runtime's console, which does its own line editing.</remarks>
internal sealed class StandardTerminal : ITerminal
{
    private readonly byte[] one = new byte[1];

    /// <summary>Standard input.</summary>
    public static FileDescriptor Input { get; } = FileDescriptor.StandardInput();

    /// <inheritdoc/>
    public int Width => RawTerminal.Width(Input);

    /// <inheritdoc/>
    // Byte by byte: what follows the line belongs to the command that it starts.
    public int Read() => Input.Read(one) == 1 ? one[0] : -1;

    /// <inheritdoc/>
    public void Write(string text)
    {
        Console.Out.Write(text);
        Console.Out.Flush();
    }
}
