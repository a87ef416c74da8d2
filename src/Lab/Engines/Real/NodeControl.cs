using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// The daemons of a node, through their control sockets. Every method throws <see cref="NodeRefusedException"/> when one does not answer,
/// or refuses.
/// </summary>
/// <param name="holder">What holds the node.</param>
internal sealed class NodeControl(NodeHolder holder)
{
    private const byte TimeToLive = 8; // across several routers, yet a loop soon ends

    /// <summary>Whether a router has been started, and has not exited cleanly since.</summary>
    internal bool HasRouter => File.Exists(SocketOf(NodeDaemon.Router));

    internal Task<RouterState> RouterState(CancellationToken cancellation) =>
        Ask(NodeDaemon.Router, client => client.Ask("show", RouterStateJson.Read, cancellation: cancellation), cancellation);

    /// <summary>The router's events: one line for each from now on.</summary>
    internal async Task<ControlClient> RouterEvents(CancellationToken cancellation)
    {
        ControlClient? client = null;
        try
        {
            client = await Connect(NodeDaemon.Router, cancellation).ConfigureAwait(false);
            await client.Ask("events", null, cancellation).ConfigureAwait(false);
            return client;
        }
        catch (ControlException refused)
        {
            client?.Dispose();
            throw Refused(refused);
        }
        catch
        {
            client?.Dispose();
            throw;
        }
    }

    internal Task<IReadOnlyList<ReceptionState>> HostState(CancellationToken cancellation) => Ask(
        NodeDaemon.HostAgent,
        async client => ReceptionStateJson.Read(await client.Ask("show", null, cancellation).ConfigureAwait(false)).Groups,
        cancellation);

    internal Task Listen(string socket, Address group, SourceFilter filter, CancellationToken cancellation) => Ask(
        NodeDaemon.HostAgent,
        client => client.Ask("join", writer => HostAgentRequests.Join(writer, group, filter, socket), cancellation),
        cancellation);

    /// <summary>Has the host agent send.</summary>
    /// <returns>The stream's name, for <see cref="StopSending"/>.</returns>
    internal Task<string> Send(Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
        Ask(
            NodeDaemon.HostAgent,
            async client =>
                StreamAnswer.Read(
                    await client
                        .Ask(
                            "send",
                            writer => HostAgentRequests.Send(writer, group, StreamDatagram.DefaultPort, source, every, TimeToLive),
                            cancellation)
                        .ConfigureAwait(false)).Stream,
            cancellation);

    internal Task StopSending(string stream) =>
        Ask(
            NodeDaemon.HostAgent, client => client.Ask("stop-sending", writer => HostAgentRequests.StopSending(writer, stream)),
            CancellationToken.None);

    private async Task<T> Ask<T>(string daemon, Func<ControlClient, Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            using var client = await Connect(daemon, cancellation).ConfigureAwait(false);
            return await ask(client).ConfigureAwait(false);
        }
        catch (ControlException refused)
        {
            throw Refused(refused);
        }
    }

    private static NodeRefusedException Refused(ControlException refused) => new(refused.Message, refused.ExitCode, refused);

    private Task<ControlClient> Connect(string daemon, CancellationToken cancellation) =>
        ControlClient.Connect(SocketOf(daemon), cancellation);

    // A socket with a path can be connected to from any namespace that sees the path; /proc gives access to the node's.
    private string SocketOf(string daemon) => $"/proc/{holder.Process.Id}/root/run/multicast-lab/{daemon}.sock";
}
