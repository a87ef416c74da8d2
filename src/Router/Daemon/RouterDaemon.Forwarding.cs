using System.Diagnostics;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Router.Forwarding;

namespace MulticastLab.Router.Daemon;

/// <content>Forwarding by the kernel, while it is switched on.</content>
internal sealed partial class RouterDaemon
{
    private void SwitchForwarding(RouterOptions wanted)
    {
        if (wanted.Forward == forwarding is not null)
            return;
        if (!wanted.Forward)
        {
            forwarding!.Dispose();
            forwarding = null;
            return;
        }

        forwarding = KernelForwarding.Start(loop, new KernelForwardingOptions { Table = options.MulticastTable }, members);
        forwarding.Happened += Tell;
        forwarding.Configure(wanted.Forwarding);
        foreach (var port in ports)
            forwarding.InterfaceChanged(port.Number, port.Name, port.InterfaceIndex);
    }

    private void Tell(ForwardingEvent happened)
    {
        const string Subject = "forwarding";
        switch (happened)
        {
            case ForwardingEvent.WrongInterface:
                node.Counters.WrongInterface++;
                break;
            case ForwardingEvent.NoReversePath:
                node.Counters.NoReversePath++;
                break;
            case ForwardingEvent.VifRefused(var name, var reason):
                log.Warning(name, $"takes no part in forwarding: {reason.Message}. {MulticastRoutingAdvice.For(reason)}");
                break;
            case ForwardingEvent.TableFull(var most):
                log.Warning(Subject, $"there are {most} entries: other sources are not forwarded until some of these fall silent");
                break;
            case ForwardingEvent.DroppedByReversePathFilter(var packets, var names):
                log.Warning(
                    Subject,
                    $"the kernel's rp_filter has dropped {packets} packets before they could be forwarded, because their source has no "
                        + $"route back through the interface where they came in ({string.Join(", ", names)}); where that is meant to be, "
                        + "set net.ipv4.conf.all.rp_filter and the interface's to 0: this router checks the reverse path itself");
                break;
            default:
                throw new UnreachableException($"Forwarding does not tell of {happened}.");
        }
    }
}
