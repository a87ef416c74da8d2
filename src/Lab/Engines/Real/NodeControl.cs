using MulticastLab.Daemon.Control;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The daemons of a node by way of their control sockets.</summary>
/// <param name="holder">The node's namespaces.</param>
internal sealed class NodeControl(NodeHolder holder)
{
    /// <summary>Whether a router has been started, and has not ended well since.</summary>
    internal bool HasRouter => File.Exists(SocketOf(NodeDaemon.Router));

    internal async Task<RouterState> RouterState(CancellationToken cancellation)
    {
        using var client = await Connect(NodeDaemon.Router, cancellation).ConfigureAwait(false);
        var result = await client.Ask("show", null, cancellation).ConfigureAwait(false);
        return RouterStateJson.Read(result.GetRawText());
    }

    /// <summary>The router's events: one line for each from now on.</summary>
    internal async Task<ControlClient> RouterEvents(CancellationToken cancellation)
    {
        var client = await Connect(NodeDaemon.Router, cancellation).ConfigureAwait(false);
        try
        {
            await client.Ask("events", null, cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    internal async Task<IReadOnlyList<ReceptionState>> HostState(CancellationToken cancellation)
    {
        using var client = await Connect(NodeDaemon.HostAgent, cancellation).ConfigureAwait(false);
        return HostAgentMessages.ReadReceptionStates(await client.Ask("show", null, cancellation).ConfigureAwait(false));
    }

    internal async Task Listen(Address group, FilterMode mode, IReadOnlyCollection<Address> sources, CancellationToken cancellation)
    {
        using var client = await Connect(NodeDaemon.HostAgent, cancellation).ConfigureAwait(false);
        if (mode == FilterMode.Include && sources.Count == 0)
            await client.Ask("leave", writer => HostAgentMessages.WriteLeave(writer, group), cancellation).ConfigureAwait(false);
        else
            await client.Ask("join", writer => HostAgentMessages.WriteJoin(writer, group, mode, sources), cancellation).ConfigureAwait(false);
    }

    /// <summary>Has the host agent send.</summary>
    /// <returns>The stream's name, for <see cref="StopSending"/>.</returns>
    internal async Task<string> Send(Address group, Address? source, TimeSpan every, CancellationToken cancellation)
    {
        using var client = await Connect(NodeDaemon.HostAgent, cancellation).ConfigureAwait(false);
        return HostAgentMessages.ReadStream(
            await client.Ask("send", writer => HostAgentMessages.WriteSend(writer, group, source, every), cancellation).ConfigureAwait(false));
    }

    internal async Task StopSending(string stream)
    {
        using var client = await Connect(NodeDaemon.HostAgent, CancellationToken.None).ConfigureAwait(false);
        await client.Ask("stop-sending", writer => HostAgentMessages.WriteStopSending(writer, stream)).ConfigureAwait(false);
    }

    private Task<ControlClient> Connect(string daemon, CancellationToken cancellation) => ControlClient.Connect(SocketOf(daemon), cancellation);

    // A socket that has a path can be connected to from any namespace that sees the path; /proc shows the node's.
    private string SocketOf(string daemon) => $"/proc/{holder.Process.Id}/root/run/multicast-lab/{daemon}.sock";
}
