using MulticastLab.Daemon;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;

namespace MulticastLab.LabRunner.Captures;

/// <summary>A capture that the user names: a file, or standard input, packet by packet as they come.</summary>
internal sealed class CaptureSource : IDisposable
{
    /// <summary>How the user names standard input.</summary>
    public const string StandardInput = "-";

    private CaptureSource(string name, CaptureReader reader)
    {
        Name = name;
        Reader = reader;
    }

    /// <summary>Its name for messages.</summary>
    public string Name { get; }

    /// <summary>The reader, for what it knows of the whole.</summary>
    public CaptureReader Reader { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="CommandException">It cannot be read or is no capture, or nothing is on standard input.</exception>
    public static CaptureSource Open(string path)
    {
        if (path != StandardInput)
            return Guard(path, () => new CaptureSource(path, CaptureReader.Open(path)));
        if (!Console.IsInputRedirected)
            throw new CommandException(
                ExitCode.Usage, "nothing is on standard input", $"{Invocation.Name} capture -o - | {Invocation.Name} inspect -");
        return Guard("standard input", () => new CaptureSource("standard input", CaptureReader.Open(Console.OpenStandardInput())));
    }

    /// <summary>All its packets, decoded.</summary>
    /// <exception cref="CommandException">It cannot be read any further; what came before has been given.</exception>
    public IEnumerable<InspectedFrame> Frames(CancellationToken cancellation)
    {
        for (var number = 1; Guard(Name, Reader.Read) is { } packet; number++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new InspectedFrame(number, packet, FrameDecoder.Decode(packet));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();

    private static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Invalid, $"{name}: {unreadable.Message}", cause: unreadable);
        }
    }
}
