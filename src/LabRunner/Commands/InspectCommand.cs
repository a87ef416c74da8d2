using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Captures;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner inspect FILE</c>: a capture as an annotated table, as field trees, or as JSON.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "A pcapng or pcap file, which gzip may have compressed, or - for standard input",
        };
        var tree = new Option<bool>("--tree") { Description = "All fields of every frame" };
        var igmp = new Option<bool>("--igmp") { Description = "IGMP messages only" };
        var all = new Option<bool>("--all") { Description = "Also the copies of a frame on the other LANs that a switch passed it on to" };
        var json = Common.Json("A JSON array with Wireshark's field names on standard output");
        return new Command("inspect", "Show a capture with its "
            + "annotations") { file, tree, igmp, all, json }.Does(terminal, (parsed, cancellation) =>
        {
            using var capture = CaptureSource.Open(parsed.GetRequiredValue(file));
            if (parsed.GetValue(json))
            {
                using var array = new FrameArray(terminal.Out);
                Show(terminal, capture, parsed.GetValue(igmp), array.Write, array.End, cancellation);
            }
            else
            {
                var table = new FrameTable(terminal, capture.Reader, parsed.GetValue(tree), parsed.GetValue(all));
                Show(terminal, capture, parsed.GetValue(igmp), table.Write, table.End, cancellation);
            }

            return Task.FromResult(ExitCode.Ok);
        });
    }

    // However the capture ends, what came before has been shown, and what was odd about it is reported.
    private static void Show(
        Terminal terminal, CaptureSource capture, bool onlyIgmp, Action<InspectedFrame> write, Action end, CancellationToken cancellation)
    {
        var remarks = new CaptureRemarks(terminal, capture);
        try
        {
            foreach (var frame in capture.Frames(cancellation))
            {
                if (!onlyIgmp || frame.IsIgmp)
                    write(frame);
                else if (frame.EndsBeforeItsProtocol)
                    remarks.Undecided(frame);
                remarks.About(frame);
            }
        }
        finally
        {
            end();
            remarks.End();
        }
    }
}
