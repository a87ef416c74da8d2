using System.CommandLine;
using MulticastLab.Benchmarks.Comparison.Measurements;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary><c>compare</c>: our router, FRR and the kernel's bridge, measured in the same run with the same frames.</summary>
internal static class CompareCommand
{
    private const int Usage = 2;
    private const int NotHere = 4;
    private const int Failed = 1;

    private static readonly Option<string> Peers = new("--peers")
    {
        Description = "Which to measure; the first is held against the second",
        HelpName = "ours,frr,bridge",
        DefaultValueFactory = _ => "ours,frr,bridge",
    };

    private static readonly Option<string?> Only = new("--only")
    {
        Description = $"Which measurements: {string.Join(", ", Measurement.All.Select(each => each.Name))}", HelpName = "WHAT,WHAT",
    };

    private static readonly Option<int?> Runs = new("--runs")
    {
        Description = "How often each is done (default 3, with --quick 1)",
        HelpName = "N",
    };

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Less of everything: three to four minutes instead of fifteen",
    };

    private static readonly Option<FileInfo?> Router = new("--router")
    {
        Description =
            "Our router's program (default: the one that ./labrunner has built, where no source is newer, else the one built with this "
                + "program)",
        HelpName = "PROGRAM",
    };

    private static readonly Option<FileInfo?> Markdown = new("--markdown")
    {
        Description = "Write the table to a file too, between <!-- compare --> and <!-- end --> where it has these lines",
        HelpName = "FILE",
    };

    /// <summary>Runs the command with its options.</summary>
    /// <returns>The exit code: 0 when all was measured, 1 when something failed, 2 for a wrong option, 4 when this machine will not
    /// do.</returns>
    public static int Run(string[] options)
    {
        var parsed = Build().Parse(options);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke();
        foreach (var error in parsed.Errors)
            Console.Error.WriteLine($"benchmarks: {error.Message}");
        return Usage;
    }

    private static RootCommand Build()
    {
        var command = new RootCommand("Measure our router, FRR and the Linux bridge side by side. Needs root.")
        {
            Peers, Only, Runs, Quick, Router, Markdown,
        };
        command.Validators.Add(result =>
        {
            Check(result.GetValue(Peers), PeerKind.All.Select(each => each.Name));
            Check(result.GetValue(Only), Measurement.All.Select(each => each.Name));
            if (result.GetValue(Runs) is <= 0)
                result.AddError("--runs is at least 1.");
            if (result.GetValue(Router) is { Exists: false } missing)
                result.AddError($"There is no program {missing}.");

            void Check(string? given, IEnumerable<string> known)
            {
                foreach (var each in Words(given).Except(known))
                    result.AddError($"There is no '{each}', only {string.Join(", ", known)}.");
            }
        });
        command.SetAction(arguments =>
        {
            OurRouter.Program = arguments.GetValue(Router)?.FullName ?? OurRouter.Program;
            return Run(
                [.. Words(arguments.GetValue(Peers)).Select(name => PeerKind.All.First(each => each.Name == name))],
                arguments.GetValue(Only) is { } only
                    ? [.. Measurement.All.Where(each => Words(only).Contains(each.Name))]
                    : Measurement.All,
                arguments.GetValue(Quick) ? Scale.Quick : Scale.Whole,
                arguments.GetValue(Runs),
                arguments.GetValue(Markdown));
        });
        return command;
    }

    private static int Run(
        IReadOnlyList<PeerKind> kinds, IReadOnlyList<Measurement> measurements, Scale scale, int? runs, FileInfo? markdown)
    {
        if (!Environment.IsPrivilegedProcess)
            return Fail("network namespaces, packet sockets and FRR need root; run it with sudo", NotHere);
        if (Processors.Missing is { } processors)
            return Fail(processors, NotHere);
        foreach (var kind in kinds.Where(each => each.Missing is not null))
            Console.Error.WriteLine($"benchmarks: {kind.Missing}; left out");
        kinds = [.. kinds.Where(each => each.Missing is null)];
        if (kinds.Count == 0)
            return Fail("nobody is left to be measured", NotHere);

        var comparer = new Comparer(kinds, measurements, runs is { } often ? scale with { Runs = often } : scale);
        var report = comparer.Run();
        Console.Write(report);
        if (markdown is not null)
            MarkdownPage.Write(markdown.FullName, report);
        return comparer.Failures.Count == 0 ? 0 : Failed;
    }

    private static string[] Words(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static int Fail(string why, int code)
    {
        Console.Error.WriteLine($"benchmarks: {why}.");
        return code;
    }
}
