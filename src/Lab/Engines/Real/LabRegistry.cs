using System.Security.Cryptography;
using System.Text.Json;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// The labs of this user on this machine: a directory per lab with its <c>state.json</c> and logs. Labs of root are in
/// <c>/run/multicast-lab/labs</c>, those of others in <c>$XDG_RUNTIME_DIR/multicast-lab/labs</c> or <c>/tmp/multicast-lab-UID/labs</c>.
/// </summary>
public sealed class LabRegistry
{
    private const string StateFile = "state.json";
    private const string NewPrefix = ".new-";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Long: a dying process waits for the kernel's network lock, which others may hold again and again on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<INodeHolding> holdings;

    /// <summary>The user's registry, or one in a directory of one's own.</summary>
    /// <param name="holdings">What may hold the nodes of its labs; those of another engine are listed and left alone.</param>
    /// <param name="root">The directory; null for the user's.</param>
    public LabRegistry(IReadOnlyList<INodeHolding> holdings, string? root = null)
    {
        this.holdings = holdings;
        Root = root ?? DefaultRoot();
    }

    /// <summary>The directory of the labs' directories.</summary>
    public string Root { get; }

    /// <summary>The labs, oldest first; including those of which nothing but the directory is left.</summary>
    public IReadOnlyList<LabRecord> List() =>
        Directory.Exists(Root)
            ?
            [
                .. Directory
                    .EnumerateDirectories(Root)
                    .Where(each => !IsNew(each))
                    .Select(TryRead)
                    .OfType<LabRecord>()
                    .OrderBy(each => each.Created),
            ]
            : [];

    /// <summary>The running lab with this id, or the only one with this name.</summary>
    /// <returns>Null when there is none, or more than one of that name.</returns>
    public LabRecord? Find(string idOrName)
    {
        var living = List().Where(each => each.IsAlive).ToList();
        var named = living.Where(each => each.Topology.Name == idOrName).ToList();
        return living.FirstOrDefault(each => each.Id == idOrName) ?? (named.Count == 1 ? named[0] : null);
    }

    /// <summary>
    /// Ends a lab: runs the nodes' shutdown files, ends every process in it and removes its directory. Returns when everything is gone.
    /// </summary>
    /// <exception cref="LabSetupException">Something of it does not end.</exception>
    public static void Down(LabRecord lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        NodeCommand.RunShutdown(lab);
        End(lab);
        Remove(lab.Directory);
    }

    /// <summary>Removes what dead runners left behind. Running labs stay untouched.</summary>
    /// <returns>The ids (or directory names) of what was removed.</returns>
    public IReadOnlyList<string> Wipe()
    {
        if (!Directory.Exists(Root))
            return [];
        var cleared = new List<string>();
        foreach (var directory in Directory.EnumerateDirectories(Root))
        {
            var record = IsNew(directory) ? null : TryRead(directory);
            if (record is null ? MakerOf(directory) is { IsAlive: true } : record.IsWanted)
                continue;
            // The holders of a lab whose runner has died are about to end, if they have not yet.
            if (record is not null)
                End(record);
            Remove(directory);
            cleared.Add(Path.GetFileName(directory));
        }

        return cleared;
    }

    /// <summary>Makes a lab's directory, with its state in it from the first moment.</summary>
    internal LabRecord Create(
        Topology topology, INodeHolding holding, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> environment)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        Directory.CreateDirectory(Root, OwnerOnly);
        using var self = ProcessReference.Current();
        var owner = ProcessRecord.Of(self);
        var id = $"{Slug(topology.Name)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        // Whoever finds the unfinished directory learns from its name whether its creator is alive; the finished one appears at once.
        var making = Path.Combine(Root, $"{NewPrefix}{owner}-{id}");
        var record = new LabRecord
        {
            Id = id,
            Engine = holding.EngineName,
            Holding = holding,
            Topology = topology with { Directory = Path.GetFullPath(topology.Directory) },
            Created = TimeProvider.System.GetUtcNow(),
            Owner = owner,
            Environment = environment,
            Directory = making,
        };
        Directory.CreateDirectory(making, OwnerOnly);
        Directory.CreateDirectory(Path.Combine(making, "logs"));
        Directory.CreateDirectory(Path.Combine(making, "stage"));
        Save(record);
        var directory = Path.Combine(Root, id);
        Directory.Move(making, directory);
        return record with { Directory = directory };
    }

    internal static void Save(LabRecord record)
    {
        var path = Path.Combine(record.Directory, StateFile);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(record, LabRecordContext.Default.LabRecord));
        File.Move(path + ".new", path, overwrite: true);
    }

    internal static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Another runner was quicker.
        }
    }

    private static void End(LabRecord lab)
    {
        var processes = lab.Handles.Select(each => lab.Holding?.Find(each)).OfType<ProcessReference>().ToList();
        try
        {
            foreach (var process in processes)
                process.Kill();
            foreach (var process in processes)
            {
                if (!process.WaitForEnd(Patience))
                    throw new LabSetupException($"{lab.Id}: process {process.Id} does not end within {Patience.TotalSeconds:0} s.");
                process.Reap();
            }
        }
        finally
        {
            processes.ForEach(each => each.Dispose());
        }
    }

    private LabRecord? TryRead(string directory)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(directory, StateFile));
            var record = JsonSerializer.Deserialize(text, LabRecordContext.Default.LabRecord)!;
            return record with { Directory = directory, Holding = holdings.FirstOrDefault(each => each.EngineName == record.Engine) };
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            // Exiting, or not a lab's.
            return null;
        }
    }

    private static bool IsNew(string directory) => Path.GetFileName(directory).StartsWith(NewPrefix, StringComparison.Ordinal);

    private static ProcessRecord? MakerOf(string directory) =>
        IsNew(directory) && Path.GetFileName(directory)[NewPrefix.Length..].Split('-') is [var id, var startTime, ..]
            ? ProcessRecord.Parse($"{id}-{startTime}")
            : null;

    private static string Slug(string name)
    {
        var letters = name.Select(each => char.IsAsciiLetterOrDigit(each) ? char.ToLowerInvariant(each) : '-').Take(40).ToArray();
        return new string(letters).Trim('-') is { Length: > 0 } slug ? slug : "lab";
    }

    private static string DefaultRoot()
    {
        if (!Privilege.InUserNamespace && Privilege.UserOutside == 0)
            return "/run/multicast-lab/labs";
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return runtime is { Length: > 0 } && Directory.Exists(runtime)
            ? Path.Combine(runtime, "multicast-lab", "labs")
            : $"/tmp/multicast-lab-{Privilege.UserOutside}/labs";
    }
}
