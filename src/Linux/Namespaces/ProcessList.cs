using System.Globalization;
using System.Text;

namespace MulticastLab.Linux.Namespaces;

/// <summary>A process of a PID namespace, with the command line that it was started with.</summary>
/// <param name="Process">The process.</param>
/// <param name="CommandLine">The program and its arguments; empty for a process that is exiting.</param>
public sealed record NamespaceProcess(ProcessReference Process, IReadOnlyList<string> CommandLine);

/// <summary>Finds the processes of a PID namespace.</summary>
public static class ProcessList
{
    /// <summary>The processes of the PID namespace in which a process has PID 1, that process left out. The caller disposes them.</summary>
    public static IReadOnlyList<NamespaceProcess> Of(ProcessReference init)
    {
        ArgumentNullException.ThrowIfNull(init);
        var wanted = NamespaceOf(init.Id);
        var found = new List<NamespaceProcess>();
        if (wanted is null)
            return found;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                !int.TryParse(Path.GetFileName(directory.AsSpan()), CultureInfo.InvariantCulture, out var id)
                || id == init.Id
                || NamespaceOf(id) != wanted)
                continue;
            if (ProcessReference.Find(id) is { } process)
                found.Add(new NamespaceProcess(process, ReadCommandLine(id)));
        }

        return found;
    }

    private static string? NamespaceOf(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/ns/pid").LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is another user's: in no namespace of ours.
            return null;
        }
    }

    private static string[] ReadCommandLine(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return [];
        }
    }
}
