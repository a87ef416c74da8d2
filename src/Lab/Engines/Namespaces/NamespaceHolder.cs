using System.Globalization;
using System.Text;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>Namespaces of this machine, held by a process that ends with its runner, unless it is detached.</summary>
/// <remarks>
/// It is a <c>cat</c> that waits for the end of its standard input, a pipe whose other end only the runner has: however the runner ends,
/// the kernel closes that end, and so the lab ends with its runner. Then it goes on with a second file: when that is there, a FIFO that
/// nobody ever writes to, it waits indefinitely. Not a shell, because in some (dash) a dead orphan ends the wait as the end of the input
/// would.
/// </remarks>
internal sealed class NamespaceHolder : NodeHolder
{
    // Standard output is the runner's until "up". SIGCHLD is ignored, which exec preserves: the kernel itself reaps orphans, and no zombies
    // accumulate.
    private const string Wait = "echo up && exec env --ignore-signal=CHLD cat - \"$0\" >/dev/null";
    private const string MountProcesses = "mount -t proc -o nosuid,nodev,noexec proc /proc && ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string holdFile;
    private readonly Pipe lease;

    private NamespaceHolder(string name, string holdFile, ProcessReference process, FileDescriptor network, LinkSocket links, Pipe lease)
        : base(name, process, network, links)
    {
        this.holdFile = holdFile;
        this.lease = lease;
    }

    /// <inheritdoc/>
    /// <remarks>Process id and start time: the number alone may have been reused by another process.</remarks>
    public override string Handle => ProcessRecord.Of(Process).ToString();

    /// <summary>Makes namespaces and their PID 1; returns when it is up.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="kinds">The namespaces, besides that of the processes.</param>
    /// <param name="holdFile">The path, as PID 1 sees it, of a file that is not there: <see cref="Detach"/> makes it.</param>
    /// <param name="log">Where PID 1 writes its errors.</param>
    /// <param name="furnish">Sets up the calling thread's new namespaces.</param>
    internal static NamespaceHolder Create(string name, NamespaceKinds kinds, string holdFile, FileDescriptor log, Action furnish)
    {
        var lease = Pipe.Open();
        using var report = Pipe.Open();
        try
        {
            var (process, network, links) = NamespaceThread.Run(() =>
            {
                NamespaceThread.Unshare(kinds);
                var network = FileDescriptor.OpenReadOnly("/proc/thread-self/ns/net");
                var links = LinkSocket.Open(followLinks: true);
                try
                {
                    links.Execute([new SetLinkUp("lo", Up: true)]);
                    furnish();
                    var ownMounts = kinds.HasFlag(NamespaceKinds.Mount);
                    var process = Spawner.Start(new SpawnRequest
                    {
                        Path = "/bin/sh",
                        Arguments = ["-c", (ownMounts ? MountProcesses : "") + Wait, holdFile],
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
            lease.Reader.Dispose();
            report.Writer.Dispose();
            var holder = new NamespaceHolder(name, holdFile, process, network, links, lease);
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

    /// <inheritdoc/>
    public override void Detach()
    {
        Fifo.Make(string.Create(CultureInfo.InvariantCulture, $"/proc/{Process.Id}/root{holdFile}"));
        lease.Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lease.Dispose();
        base.Dispose(disposing);
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
