using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Packets.Text;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner validate DIR</c>: everything that is wrong with a topology folder, without starting it.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("dir")
        {
            HelpName = "dir", Description = "The path of a folder with a lab.conf or a device.yaml, or a name that 'labrunner list' shows",
        };
        folder.CompletionSources.Add(_ => ScenarioFolder.Names());
        var json = Common.Json();
        return new Command("validate", "Check a topology's or a device's folder without starting "
            + "anything") { folder, json }.Does(terminal, (parsed, _) =>
        {
            var path = ScenarioFolder.OrPath(parsed.GetRequiredValue(folder));
            if (File.Exists(Path.Combine(path, Device.FileName)) && !File.Exists(Path.Combine(path, "lab.conf")))
                return Task.FromResult(ValidateDevice(terminal, path, parsed.GetValue(json)));
            IReadOnlyList<FileProblem> errors = [];
            Topology? topology = null;
            try
            {
                topology = TopologyReader.Read(path);
            }
            catch (InvalidFileException invalid)
            {
                errors = invalid.Problems;
            }

            var warnings = topology?.Warnings ?? [];
            if (parsed.GetValue(json))
                terminal.WriteJson(Document(topology, errors, warnings), DocumentContext.Default.TopologyDocument);
            else
                Print(terminal, topology, errors, warnings);
            return Task.FromResult(errors.Count == 0 ? ExitCode.Ok : ExitCode.Invalid);
        });
    }

    private static ExitCode ValidateDevice(Terminal terminal, string path, bool asJson)
    {
        Device? device = null;
        IReadOnlyList<FileProblem> errors = [];
        try
        {
            device = DeviceReader.Read(path);
        }
        catch (InvalidFileException invalid)
        {
            errors = invalid.Problems;
        }

        if (asJson)
        {
            terminal.WriteJson(
                new DeviceDocument(
                    device is not null, device?.Name, device?.Title, device?.Role.ToString().ToLowerInvariant(),
                    (device?.Missing() ?? []).Select(each => each.Remedy), errors),
                DocumentContext.Default.DeviceDocument);
            return device is null ? ExitCode.Invalid : ExitCode.Ok;
        }

        foreach (var problem in errors)
            terminal.Error.WriteLine(problem);
        if (device is null)
            return ExitCode.Invalid;
        terminal.Write(
            $"[green]{OutsideText.Markup(device.Name)} is valid:[/] {OutsideText.Markup(device.Title)}, a "
                + $"{device.Role.ToString().ToLowerInvariant()}");
        foreach (var missing in device.Missing())
            terminal.Error.WriteLine($"this machine lacks {missing}: {missing.Remedy} (warning)");
        return ExitCode.Ok;
    }

    private static void Print(Terminal terminal, Topology? topology, IReadOnlyList<FileProblem> errors, IReadOnlyList<FileProblem> warnings)
    {
        foreach (var problem in errors)
            terminal.Error.WriteLine(problem);
        TopologyWarnings.Print(terminal, warnings);
        if (topology is not null)
            terminal.Write(
                $"[green]{OutsideText.Markup(topology.Name)} is valid:[/] {Count(topology.Nodes.Count, "node")} on "
                    + $"{Count(topology.Lans.Count, "LAN")}");
    }

    private static TopologyDocument Document(
        Topology? topology, IReadOnlyList<FileProblem> errors, IReadOnlyList<FileProblem> warnings) => new(
        topology is not null, topology?.Name, topology?.Nodes.Select(node => node.Name), topology?.Lans, errors, warnings);

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
