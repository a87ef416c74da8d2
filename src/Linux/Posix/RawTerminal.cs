using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>
/// A terminal in raw mode: every key is delivered as it is pressed, without echo and without signals for Ctrl-C and the like; restored when
/// disposed.
/// </summary>
public sealed unsafe partial class RawTerminal : IDisposable
{
    // struct termios has 60 bytes on the machines of this lab; its layout is internal to the C library.
    private const int Length = 128;
    private const int AfterOutput = 1; // TCSADRAIN
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    private readonly FileDescriptor descriptor;
    private readonly byte[] before = new byte[Length];

    private RawTerminal(FileDescriptor descriptor) => this.descriptor = descriptor;

    /// <summary>Whether a descriptor is a terminal.</summary>
    public static bool IsTerminal(FileDescriptor descriptor)
    {
        var settings = stackalloc byte[Length];
        return GetAttributes(descriptor, settings) == 0;
    }

    /// <summary>How many columns a terminal has; 80 when it does not know.</summary>
    public static int Width(FileDescriptor descriptor)
    {
        var size = stackalloc ushort[4]; // struct winsize: rows, columns, and pixels of both
        return Libc.Ioctl(descriptor, GetWindowSize, size) == 0 && size[1] > 0 ? size[1] : 80;
    }

    /// <summary>Switches a terminal over.</summary>
    /// <exception cref="LinuxException">The descriptor is no terminal.</exception>
    public static RawTerminal Enter(FileDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var terminal = new RawTerminal(descriptor);
        var settings = stackalloc byte[Length];
        LinuxException.ThrowIfFailed(GetAttributes(descriptor, settings), "tcgetattr");
        new ReadOnlySpan<byte>(settings, Length).CopyTo(terminal.before);
        MakeRaw(settings);
        LinuxException.ThrowIfFailed(SetAttributes(descriptor, AfterOutput, settings), "tcsetattr");
        return terminal;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fixed (byte* settings = before)
            _ = SetAttributes(descriptor, AfterOutput, settings);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(FileDescriptor descriptor, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(FileDescriptor descriptor, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(byte* settings);
}
