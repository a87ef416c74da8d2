using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Conformance.Engine;

/// <summary>A registry of one test's own, and what the machine shows of the labs in it.</summary>
internal sealed class Registry : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("multicast-lab-registry-");

    internal Registry() => Labs = new LabRegistry([new NamespaceHolding()], Path.Combine(directory.FullName, "labs"));

    internal LabRegistry Labs { get; }

    /// <summary>The processes of labs of this registry: their standard error is a log in it.</summary>
    internal IReadOnlyList<int> Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Select(each => int.TryParse(Path.GetFileName(each), out var id) ? id : 0)
            .Where(id => id != 0 && LinkOf($"/proc/{id}/fd/2")?.StartsWith(Labs.Root, StringComparison.Ordinal) == true)];

    /// <summary>
    /// What is left on the host of labs of this registry, besides processes: mounts and links; namespaces need one of these to live on.
    /// </summary>
    internal IReadOnlyList<string> Remains()
    {
        using var socket = LinkSocket.Open();
        return
        [
            .. MountEntry
                .ReadAll()
                .Where(each => each.Path.StartsWith(Labs.Root, StringComparison.Ordinal) || each.Type == "nsfs")
                .Select(each => each.Path),
            .. socket
                .Links()
                .Select(each => each.Name)
                .Where(each => each.StartsWith("lan-", StringComparison.Ordinal) || each.Contains(".eth", StringComparison.Ordinal)),
        ];
    }

    /// <summary>Waits until every process of labs of this registry, but these, has ended.</summary>
    internal void WaitForEndOfAllBut(IReadOnlyCollection<int> others)
    {
        // One that its runner was just starting shows up, and ends, a moment later.
        while (Processes().Except(others).ToList() is { Count: > 0 } left)
        {
            foreach (var id in left)
            {
                using var process = ProcessReference.Find(id);
                if (process?.WaitForEnd(TimeSpan.FromSeconds(10)) == false)
                    throw new TimeoutException(
                        $"Process {id} of a lab whose runner is dead does not end: "
                            + $"{File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}");
            }
        }
    }

    public void Dispose()
    {
        // What a failed test leaves: a detached lab could not be found any more without its directory.
        foreach (var lab in Labs.List())
            LabRegistry.Down(lab);
        directory.Delete(recursive: true);
    }

    private static string? LinkOf(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // Ended meanwhile, or another user's.
            return null;
        }
    }
}
