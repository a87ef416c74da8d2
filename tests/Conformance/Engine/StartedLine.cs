using MulticastLab.Lab.Engines.Real;


namespace MulticastLab.Conformance.Engine;

/// <summary>A lab of plain nodes n1, n2 … on one LAN that have been started, with sockets in them.</summary>
internal sealed class StartedLine : IAsyncDisposable
{
    private readonly TopologyFolder folder;
    private readonly List<NodeSocket> sockets = [];

    private StartedLine(TopologyFolder folder, RealLab lab)
    {
        this.folder = folder;
        Lab = lab;
    }

    internal RealLab Lab { get; }

    internal static async Task<StartedLine> Of(int nodes)
    {
        var folder = TopologyFolder.Line(nodes);
        var line = new StartedLine(folder, await NamespacesLabTests.Up(folder));
        await NamespacesLabTests.StartAll(line.Lab);
        return line;
    }

    /// <summary>A UDP socket in a node.</summary>
    internal NodeSocket Socket(int node)
    {
        var socket = new NodeSocket(Lab, $"n{node}", $"10.0.0.{node}");
        sockets.Add(socket);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        sockets.ForEach(each => each.Dispose());
        await Lab.DisposeAsync();
        folder.Dispose();
    }
}
