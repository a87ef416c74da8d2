using System.CommandLine;
using System.Globalization;
using MulticastLab.Conformance.Judging;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.LabRunner.Captures;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance judge FILE</c>: judges a device by a capture of a live network.</summary>
internal static class JudgeCommand
{
    private const string CaptureFolder = "captures";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file")
        {
            Description = "A pcapng or pcap file of a live network, which gzip may have compressed, or - for standard input",
        };
        var role = new Option<string>("--role") { Description = "What the device is", DefaultValueFactory = _ => "router" };
        role.AcceptOnlyFromAmong("router", "host", "switch");
        var address = new Option<string?>("--address") { Description = "The device's address; without it those that speak are listed" };
        var timers = new TimerOptions();
        var report = ConformanceCommand.Report("Where the report goes: a page, report.json, the forms of other tools, and the capture");
        var json = Common.Json("The report as JSON on standard output");
        var command = new Command("judge", "Judge a device by a capture of a live network, in which nobody plays a test")
        {
            file, role, address, report, json,
        };
        foreach (var option in timers.All)
            command.Add(option);
        return command.Does(terminal, (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var given = timers.Of(parsed);
            var contents = Read(path);
            var asked = Enum.Parse<DeviceRole>(parsed.GetRequiredValue(role), ignoreCase: true);
            var judged = CaptureJudge.Judge(contents, asked, AddressOf(terminal, contents, path, parsed.GetValue(address)), given);
            var folder = parsed.GetValue(report) is { } name ? Path.GetFullPath(name) : null;
            if (folder is not null)
                ReportForms.Write(ReportFolder.Create(folder, WithCapture(judged, CopyInto(folder, path))));
            judged = WithCapture(judged, path == CaptureSource.StandardInput ? null : path);
            if (parsed.GetValue(json))
                terminal.WriteJson(judged, ReportContext.Default.SuiteReport);
            else
                SuiteText.Write(terminal, judged, folder: "");
            return Task.FromResult(judged.Breaks ? ExitCode.Failed : ExitCode.Ok);
        });
    }

    private static CaptureContents Read(string path)
    {
        using var source = CaptureSource.Open(path);
        try
        {
            return CaptureContents.Read(source.Reader, new LabOptions().Dialect);
        }
        catch (UnreadableFrameException wrong)
        {
            throw new CommandException(
                ExitCode.Invalid, string.Create(CultureInfo.InvariantCulture, $"{source.Name}: frame {wrong.Frame}: {wrong.Message}"),
                "cut the capture before it, such as with: editcap -r FILE NEW 1-" + (wrong.Frame - 1), wrong);
        }
    }

    private static Address AddressOf(Terminal terminal, CaptureContents contents, string path, string? text)
    {
        Address address = default;
        if (text is not null && !Address.TryParse(text, out address))
            throw new CommandException(ExitCode.Usage, $"'{text}' is no address");
        var speakers = Speaker.AllOf(contents);
        if (text is not null && speakers.Any(each => each.Address == address))
            return address;
        if (speakers.Count == 0)
            throw new CommandException(ExitCode.Usage, $"{path}: there is no message of {contents.Dialect.Name}");
        var table = new Listing("Address", "Station", "Segment", "Looks like", "Versions", "Queries", "Reports");
        foreach (var each in speakers)
        {
            table.Add(
                $"{each.Address}", $"{each.Station}", OutsideText.Markup(each.Segment), each.LooksLike,
                string.Join(", ", each.Versions), $"{each.Queries}", $"{each.Reports}");
        }

        table.WriteTo(terminal);
        throw new CommandException(
            ExitCode.Usage, text is null ? "which of these is the device?" : $"nothing is from {address}",
            $"{Invocation.Name} conformance judge {path} --address {speakers[0].Address}");
    }

    private static SuiteReport WithCapture(SuiteReport report, string? path) =>
        report with { Tests = [.. report.Tests.Select(each => each with { Pcapng = path })] };

    /// <summary>Puts the capture beside the report, as it is.</summary>
    /// <returns>Its path, relative to the report; null when it cannot be read twice.</returns>
    private static string? CopyInto(string folder, string path)
    {
        if (path == CaptureSource.StandardInput)
            return null;
        var name = Path.Combine(CaptureFolder, Path.GetFileName(path));
        var copy = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.Combine(folder, CaptureFolder));
        if (copy != Path.GetFullPath(path))
            File.Copy(path, copy, overwrite: true);
        return name;
    }
}
