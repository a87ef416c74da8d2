using System.Runtime.CompilerServices;
using MulticastLab.Lab.Engines.Real;

namespace MulticastLab.Tests;

/// <summary>
/// The programs that tests and benchmarks start. Which ones is decided once: those in the folder that MULTICAST_LAB_PROGRAMS names; else
/// those that
/// <c>./labrunner</c> has built, where no source is newer: what ships; else those built with the tests.
/// </summary>
internal static class ShippedPrograms
{
    /// <summary>Their folder.</summary>
    public static string Folder => NodeEnvironment.ProgramDirectory;

    /// <summary>In words, for the output.</summary>
    public static string Description => $"programs: {(IsNative(PathOf("router")) ? "native" : "run by .NET")}, {Folder}";

    /// <summary>The path of <c>router</c>, <c>hostagent</c> or <c>labrunner</c>.</summary>
    public static string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>Whether it is native: otherwise what the .NET runtime runs lies beside it.</summary>
    public static bool IsNative(string program) => !File.Exists(program + ".dll");

    // Before anything asks for a program, and inherited by what the tests start.
    [ModuleInitializer]
    internal static void Choose()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(NodeEnvironment.ProgramsVariable)))
            Environment.SetEnvironmentVariable(NodeEnvironment.ProgramsVariable, UpToDateBuild() ?? AppContext.BaseDirectory);
    }

    // The rule of the script: its time is when the build was begun, and folders count, since a deleted file changes its folder.
    private static string? UpToDateBuild()
    {
        var current = Path.Combine(Repository.Root, "artifacts", "labrunner", "current");
        if (!File.Exists(current))
            return null;
        var begun = File.GetLastWriteTimeUtc(current);
        var build = File.ReadAllText(current).Trim();
        var native = Path.Combine(build, "native");
        var folder = Directory.Exists(native) ? native : build;
        return File.Exists(Path.Combine(folder, "router")) && Sources().All(each => File.GetLastWriteTimeUtc(each) <= begun)
            ? folder
            : null;
    }

    private static IEnumerable<string> Sources()
    {
        var source = Path.Combine(Repository.Root, "src");
        string[] files =
        [
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "BannedSymbols.txt",
        ];
        return Directory.EnumerateFileSystemEntries(source, "*", SearchOption.AllDirectories).Append(source)
            .Concat(files.Select(each => Path.Combine(Repository.Root, each)));
    }
}
