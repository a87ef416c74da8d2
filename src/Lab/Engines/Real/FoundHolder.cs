using System.Globalization;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>A holder that another process has made: it stays when this process releases it.</summary>
internal sealed class FoundHolder : NodeHolder
{
    private FoundHolder(string name, string handle, ProcessReference process, FileDescriptor network, LinkSocket links)
        : base(name, process, network, links) => Handle = handle;

    /// <inheritdoc/>
    public override string Handle { get; }

    /// <summary>Takes hold of it.</summary>
    /// <returns>Null when it has ended.</returns>
    internal static FoundHolder? Find(INodeHolding holding, string name, string handle)
    {
        if (holding.Find(handle) is not { } process)
            return null;
        try
        {
            var network = FileDescriptor.OpenReadOnly(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/ns/net"));
            var links = NamespaceThread.RunIn(process, NamespaceKinds.Network, () => LinkSocket.Open(followLinks: true));
            return new FoundHolder(name, handle, process, network, links);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Detach()
    {
        // It does not depend on this process.
    }
}
