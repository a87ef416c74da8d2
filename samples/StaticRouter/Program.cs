using System.Globalization;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

// A one-page static multicast router: packets to the groups of a prefix that come in on one interface go out of others.
//
//   staticrouter 239.1.0.0/16 eth0 eth1 eth2=16
//
// It is a starting point for your own daemons: one with a routing protocol decides by it, where this one uses its arguments.
if (args.Length < 3 || !Prefix.TryParse(args[0], out var groups))
{
    Console.Error.WriteLine("usage: staticrouter GROUP/LENGTH FROM TO[=TTL] ...");
    return 2;
}

using var ended = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
try
{
    // Now this program is the namespace's multicast router. When the socket is closed, everything that it has set is removed.
    using var routing = MulticastRoutingSocket.Open();

    // Every participating interface becomes a VIF with a number of our choice: 0 is where packets come in.
    routing.AddVif(0, VifOptions.Interface(LinkInfo.Read(args[1]).Index));
    var outgoing = OutgoingInterfaces.None;
    for (var vif = 1; vif <= args.Length - 2; vif++)
    {
        var to = args[vif + 1].Split('=');
        routing.AddVif(vif, VifOptions.Interface(LinkInfo.Read(to[0]).Index));
        outgoing = outgoing.With(vif, to.Length > 1 ? byte.Parse(to[1], CultureInfo.InvariantCulture) : (byte)1);
    }

    Console.Error.WriteLine("staticrouter: ready");

    // The kernel asks for an entry with the first packet of a source and group, and sends that packet by the answer.
    var entries = new List<MfcEntry>();
    try
    {
        await foreach (var upcall in routing.ReadUpcalls(ended.Token))
        {
            if (upcall.Kind != UpcallKind.NoEntry)
                continue;
            // What is not ours, or comes in elsewhere, gets an entry to nowhere: the kernel drops it and does not ask again.
            var wanted = upcall.Vif == 0 && groups.Contains(upcall.Group);
            var entry = new MfcEntry(upcall.Source, upcall.Group, upcall.Vif, wanted ? outgoing : OutgoingInterfaces.None);
            routing.SetEntry(entry);
            entries.Add(entry);
            Console.WriteLine($"({upcall.Source}, {upcall.Group}) from VIF {upcall.Vif} to {(wanted ? outgoing : "nowhere")}");
        }
    }
    catch (OperationCanceledException)
    {
        foreach (var entry in entries)
        {
            if (routing.ReadCounts(entry.Source, entry.Group) is { } counts)
                Console.WriteLine($"({entry.Source}, {entry.Group}): {counts.Packets} packets, {counts.WrongVif} on wrong interfaces");
        }
    }

    return 0;
}
catch (LinuxException refused)
{
    Console.Error.WriteLine($"staticrouter: {refused.Message}. {MulticastRoutingAdvice.For(refused)}");
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.Cancel();
}
