using System.Text;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>
/// The process with PID 1 of a PID namespace, which holds a node's (or the fabric's) namespaces, with what is needed to wire it. When it ends, the kernel
/// ends every other process of the namespace and takes down links, mounts and namespaces.
/// </summary>
/// <remarks>
/// It is a shell that waits for the end of its standard input, a pipe whose other end only the runner has: however the runner ends, the
/// kernel closes that end, and so the lab ends with its runner. The word <c>detach</c> lets it stay on.
/// </remarks>
internal sealed class NamespaceHolder : IDisposable
{
    // Standard output is the runner's until "up". An orphan's end interrupts the read of some shells (dash), and they cannot tell that from
    // the end of the input, which is for good: so only many misses mean it.
    private const string Wait =
        "echo up && exec >&2 && until read -r word || [ $((misses += 1)) -gt 9999 ]; do :; done; [ \"$word\" = detach ] && exec sleep infinity </dev/null";
    private const string MountProcesses = "mount -t proc -o nosuid,nodev,noexec proc /proc && ";

    // bash ignores SIGCHLD when told so. dash keeps a handler for it, whose signal ends "read" as the end of its input would:
    // the node would end with the first orphan that dies.
    private static readonly string Shell = File.Exists("/bin/bash") ? "/bin/bash" : "/bin/sh";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Pipe? lease;

    private NamespaceHolder(string name, ProcessReference process, FileDescriptor network, RouteSocket links, Pipe? lease)
    {
        Name = name;
        Process = process;
        Network = network;
        Links = links;
        this.lease = lease;
    }

    /// <summary>The node's name, or "fabric".</summary>
    internal string Name { get; }

    /// <summary>PID 1.</summary>
    internal ProcessReference Process { get; }

    /// <summary>The network namespace.</summary>
    internal FileDescriptor Network { get; }

    /// <summary>A netlink socket in the network namespace.</summary>
    internal RouteSocket Links { get; }

    /// <summary>Makes namespaces and their PID 1; returns when it is up.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="kinds">The namespaces, besides that of the processes.</param>
    /// <param name="log">Where PID 1 complains to.</param>
    /// <param name="furnish">Sets up the calling thread's new namespaces; null when there is nothing to do.</param>
    internal static NamespaceHolder Create(string name, NamespaceKinds kinds, FileDescriptor log, Action furnish)
    {
        var lease = Pipe.Open();
        using var report = Pipe.Open();
        try
        {
            var (process, network, links) = NamespaceThread.Run(() =>
            {
                NamespaceThread.Unshare(kinds);
                var network = FileDescriptor.OpenReadOnly("/proc/thread-self/ns/net");
                var links = RouteSocket.Open(followLinks: true);
                try
                {
                    links.Execute([new SetLinkUp("lo", Up: true)]);
                    furnish();
                    var ownMounts = kinds.HasFlag(NamespaceKinds.Mount);
                    var process = Spawner.Start(new SpawnRequest
                    {
                        Path = Shell,
                        Arguments = ["-c", (ownMounts ? MountProcesses : "") + Wait],
                        Environment = new Dictionary<string, string> { ["PATH"] = NodeEnvironment.SystemPath },
                        Input = lease.Reader,
                        Output = report.Writer,
                        Error = log,
                        NewSession = true,
                    });
                    return (process, network, links);
                }
                catch
                {
                    network.Dispose();
                    links.Dispose();
                    throw;
                }
            });
            // The thread that started it had no /proc any more to read the start time from, without which nobody else finds the process.
            using (var unread = process)
                process = ProcessReference.Find(unread.Id) ?? throw new LabSetupException($"{name}: its first process has ended at once.");
            lease.Reader.Dispose();
            report.Writer.Dispose();
            var holder = new NamespaceHolder(name, process, network, links, lease);
            try
            {
                holder.WaitUntilUp(report.Reader);
                return holder;
            }
            catch
            {
                holder.End();
                holder.Dispose();
                throw;
            }
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Takes hold of a holder that another runner has made.</summary>
    /// <returns>Null when it has ended.</returns>
    internal static NamespaceHolder? Find(string name, ProcessRecord record)
    {
        var process = ProcessReference.Find(record.Id, record.StartTime);
        if (process is null)
            return null;
        try
        {
            var network = FileDescriptor.OpenReadOnly($"/proc/{record.Id}/ns/net");
            var links = NamespaceThread.RunIn(process, NamespaceKinds.Network, () => RouteSocket.Open(followLinks: true));
            return new NamespaceHolder(name, process, network, links, lease: null);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Lets it outlive the runner.</summary>
    internal void Detach() => lease?.Writer.Write("detach\n"u8);

    /// <summary>Ends it, and with it everything in its namespaces; <see cref="ProcessReference.WaitForEnd"/> tells when that is done.</summary>
    internal void End() => Process.Kill();

    /// <summary>Closes what this process has open of it. Without <see cref="Detach"/> it ends.</summary>
    public void Dispose()
    {
        lease?.Dispose();
        Links.Dispose();
        Network.Dispose();
        Process.Dispose();
    }

    private void WaitUntilUp(FileDescriptor report)
    {
        Span<byte> answer = stackalloc byte[16];
        if (!report.WaitUntilReadable(Patience))
            throw new LabSetupException($"{Name}: PID 1 did not come up within {Patience.TotalSeconds:0} s.");
        var count = report.Read(answer);
        if (!Encoding.ASCII.GetString(answer[..count]).StartsWith("up", StringComparison.Ordinal))
            throw new LabSetupException($"{Name}: PID 1 has ended before it was up.");
    }
}
