using System.Net;
using System.Net.Sockets;
using System.Text;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Namespaces;

namespace MulticastLab.Conformance.Engine;

/// <summary>A UDP socket inside a node.</summary>
internal sealed class NodeSocket : IDisposable
{
    private readonly Socket socket;

    // The first socket of the process starts threads, which cannot be done from within a node.
    static NodeSocket() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp).Dispose();

    /// <param name="lab">The lab.</param>
    /// <param name="node">The node.</param>
    /// <param name="address">The node's address, or 0.0.0.0 for all that it takes.</param>
    internal NodeSocket(RealLab lab, string node, string address)
    {
        using var init = lab.Record.FindNode(node)!;
        socket = NamespaceThread.RunIn(
            init, NamespaceKinds.Network, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        socket.ReceiveTimeout = 10_000;
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
    }

    internal EndPoint Address => socket.LocalEndPoint!;

    internal int Port => ((IPEndPoint)Address).Port;

    internal void Send(string text, EndPoint to) => socket.SendTo(Encoding.ASCII.GetBytes(text), to);

    internal string Receive()
    {
        var buffer = new byte[2048];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    public void Dispose() => socket.Dispose();
}
