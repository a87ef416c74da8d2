using System.CommandLine;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Captures;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner capture</c>: a pcapng of a running lab, every frame once, an interface for each LAN.</summary>
internal static class CaptureCommand
{
    private const string StandardOutput = "-";

    public static Command Create(Terminal terminal)
    {
        var output = new Option<string?>("--output", "-o")
        {
            Description = "A file, or - for standard output (default: the lab's id and .pcapng)",
            HelpName = "file",
        };
        var lan = Common.Lan();
        var duration = Duration.Option();
        var count = new Option<int?>("--count") { Description = "Stop after that many frames", HelpName = "frames" };
        var lab = LabSelection.Option();
        return new Command("capture", "Record a running lab in pcapng, until Ctrl-C") { output, lan, duration, count, lab }.Does(
            terminal,
            async (parsed, cancellation) =>
            {
                var record = LabSelection.Enter(parsed.GetValue(lab));
                Common.CheckLan(record, parsed.GetValue(lan));
                var path = parsed.GetValue(output) ?? $"{record.Id}.pcapng";
                if (path == StandardOutput && !Console.IsOutputRedirected)
                    throw new CommandException(
                        ExitCode.Usage, "a capture is binary data, not for a terminal",
                        $"{Invocation.Name} capture -o - | wireshark -k -i -");

            var running = await RealEngine.Attach(record, cancellation).ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                var file = path == StandardOutput ? Terminal.OpenOutput() : Create(path);
                await using (file.ConfigureAwait(false))
                {
                    var written = 0;
                    try
                    {
                        using var writer = new PcapngWriter(file, $"Lab {record.Id}", leaveOpen: true);
                        var interfaces = record.Topology.Lans.ToDictionary(
                            each => each, each => writer.AddInterface(each, $"LAN {each} of {record.Topology.Name}"));
                        await writer.FlushTo(file, cancellation).ConfigureAwait(false);
                        terminal.Complain($"capturing {record.Id}; Ctrl-C ends it");
                        var frames = LabFrames.Follow(running, parsed.GetValue(duration), cancellation);
                        await foreach (var frame in frames.ConfigureAwait(false))
                        {
                            if (parsed.GetValue(lan) is { } wanted && frame.Lan != wanted)
                                continue;
                            writer.WritePacket(interfaces[frame.Lan], frame.At, frame.Bytes.Span, $"from {frame.Node} {frame.Interface}");
                            await writer.FlushTo(file, cancellation).ConfigureAwait(false);
                            if (++written == parsed.GetValue(count))
                                break;
                        }
                    }
                    finally
                    {
                        terminal.Complain(
                            string.Create(
                                CultureInfo.InvariantCulture,
                                    $"{written} frames{(path == StandardOutput ? "" : $" in {path}")}, {running.FramesLost} lost"));
                    }
                }
            }

            return ExitCode.Ok;
        });
    }

    private static FileStream Create(string path)
    {
        try
        {
            return File.Create(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, refused.Message, cause: refused);
        }
    }

    // A reader at the other end of a pipe wants to see a frame when it comes.
    private static Task FlushTo(this PcapngWriter writer, Stream file, CancellationToken cancellation)
    {
        writer.Flush();
        return file.FlushAsync(cancellation);
    }
}
