using System.Diagnostics;
using System.Globalization;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>
/// Where one peer is measured: the namespaces of the device under test, with eth0 on the receivers' LAN and eth1 on the sources' LAN, and
/// those of the tester, joined by veth pairs without any bridge. The kernel ends all of it, processes included, when this is disposed or
/// this program ends in whatever way: see <see cref="NamespaceHolder"/>. Files lie in memory file systems of the device's own.
/// </summary>
internal sealed class TestBed : IDisposable
{
    /// <summary>The tester's end of the receivers' LAN.</summary>
    public const string Members = "member";

    /// <summary>The tester's end of the sources' LAN.</summary>
    public const string Sources = "source";

    /// <summary>The device's address on the receivers' LAN.</summary>
    public static readonly Address Device = Address.Parse("10.0.0.1");

    private const NamespaceKinds OfTheDevice = NamespaceKinds.Network | NamespaceKinds.Mount;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileDescriptor nothing = FileDescriptor.OpenReadOnly("/dev/null");
    private readonly NamespaceHolder device;
    private readonly NamespaceHolder tester;
    private readonly List<ProcessReference> processes = [];

    private TestBed(NamespaceHolder device, NamespaceHolder tester) => (this.device, this.tester) = (device, tester);

    /// <summary>Makes the namespaces and wires them; the links are up and carry frames.</summary>
    /// <param name="isRouted">Whether eth0 and eth1 get addresses.</param>
    public static TestBed Create(bool isRouted)
    {
        using var log = FileDescriptor.OpenAppending("/dev/null");
        var device = NamespaceHolder.Create("device", OfTheDevice, "/run/hold", log, () =>
        {
            Mounts.MakePrivate();
            Mounts.Memory("/run");
            Mounts.Memory("/var/tmp", "1777");
            KernelSettings.ApplyToFabric();
            // A network namespace inherits the machine's settings; checking the reverse path is the router's business.
            foreach (var each in (ReadOnlySpan<string>)["all", "default"])
                File.WriteAllText($"/proc/sys/net/ipv4/conf/{each}/rp_filter", "0");
        });
        try
        {
            var tester = NamespaceHolder.Create("tester", NamespaceKinds.Network, "/run/hold", log, KernelSettings.ApplyToFabric);
            var bed = new TestBed(device, tester);
            try
            {
                bed.Wire(isRouted);
                return bed;
            }
            catch
            {
                bed.Dispose();
                throw;
            }
        }
        catch
        {
            device.End();
            device.Dispose();
            throw;
        }
    }

    /// <summary>Where a path of the device is seen from outside.</summary>
    public string PathOf(string path) => $"/proc/{device.Process.Id.ToString(CultureInfo.InvariantCulture)}/root{path}";

    /// <summary>The lines of a file of the device's /proc/net.</summary>
    public IEnumerable<string> ProcNet(string file) =>
        File.ReadLines($"/proc/{device.Process.Id.ToString(CultureInfo.InvariantCulture)}/net/{file}");

    /// <summary>A socket that sends at the tester's end of a LAN.</summary>
    public PacketSocket OpenSender(string end) => OpenAt(end, new PacketSocketOptions { Protocol = 0 });

    /// <summary>A socket that sees all that passes the tester's end of a LAN, from the IP header on.</summary>
    public PacketSocket OpenEar(string end, PacketFilter? filter = null) => OpenAt(end, new PacketSocketOptions
    {
        LinkHeader = false, AllMulticast = true, Filter = filter, ReceiveBufferBytes = 64 << 20,
    });

    /// <summary>Starts a program on the device's processor. It is ended with the test bed.</summary>
    /// <param name="log">The file in the device's /run that takes what it writes.</param>
    /// <param name="variables">What its environment has besides what all programs here have.</param>
    /// <param name="command">The program and its arguments.</param>
    public ProcessReference Start(string log, IReadOnlyDictionary<string, string> variables, params string[] command)
    {
        using var output = FileDescriptor.OpenAppending(PathOf($"/run/{log}"));
        var process = NamespaceThread.RunIn(device.Process, OfTheDevice, () => Spawner.Start(new SpawnRequest
        {
            Path = "/usr/bin/taskset",
            Arguments = ["--cpu-list", Processors.Device.ToString(CultureInfo.InvariantCulture), .. command],
            Environment = new Dictionary<string, string>(Variables.Concat(variables)),
            Input = nothing,
            Output = output,
            Error = output,
            NewSession = true,
        }));
        // A machine is never quite idle.
        process.Favour();
        processes.Add(process);
        return process;
    }

    /// <summary>Takes hold of a process of the device that another one has started, by its program.</summary>
    /// <exception cref="MeasurementFailedException">There is none.</exception>
    public ProcessReference FindProcess(string program)
    {
        ProcessReference? found = null;
        foreach (var each in ProcessList.Of(device.Process))
        {
            if (found is null && each.CommandLine is [var started, ..] && started == program)
                found = each.Process;
            else
                each.Process.Dispose();
        }

        if (found is null)
            throw new MeasurementFailedException($"there is no {program}");
        found.Favour();
        processes.Add(found);
        return found;
    }

    /// <summary>Runs a program in the device's namespaces to its end, and returns what it has said.</summary>
    /// <exception cref="InvalidOperationException">It has failed.</exception>
    public string Run(params string[] command) => Enter(device, ["--net", "--mount"], command, "");

    /// <summary>Lets time pass.</summary>
    /// <exception cref="MeasurementFailedException">The device's namespaces have ended meanwhile.</exception>
    public void Pass(TimeSpan time)
    {
        if (device.Process.WaitForEnd(time))
            throw new MeasurementFailedException("the device's namespaces have ended");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        device.End();
        tester.End();
        foreach (var process in processes)
        {
            process.WaitForEnd(Patience);
            process.Reap();
            process.Dispose();
        }

        foreach (var holder in (NamespaceHolder[])[device, tester])
        {
            holder.Process.WaitForEnd(Patience);
            holder.Process.Reap();
            holder.Dispose();
        }

        nothing.Dispose();
    }

    // What the runtime would put into /tmp is to go with the namespaces.
    private static Dictionary<string, string> Variables =>
        new()
        {
            ["PATH"] = NodeEnvironment.SystemPath,
            ["LANG"] = "C.UTF-8",
            ["DOTNET_ROOT"] = NodeEnvironment.RuntimeDirectory ?? "",
            ["TMPDIR"] = "/run",
        };

    private PacketSocket OpenAt(string end, PacketSocketOptions options) =>
        NamespaceThread.RunIn(tester.Process, NamespaceKinds.Network, () => PacketSocket.Open(end, options));

    private void Wire(bool isRouted)
    {
        var peer = tester.Process.Id.ToString(CultureInfo.InvariantCulture);
        Enter(device, ["--net"], ["ip", "-batch", "-"], $"""
            link add eth0 type veth peer name {Members} netns {peer}
            link add eth1 type veth peer name {Sources} netns {peer}
            {(isRouted ? $"address add {Device}/24 dev eth0\naddress add 10.1.0.1/16 dev eth1" : "")}
            link set eth0 up
            link set eth1 up

            """);
        Enter(tester, ["--net"], ["ip", "-batch", "-"], $"link set {Members} up\nlink set {Sources} up\n");
        foreach (var holder in (NamespaceHolder[])[device, tester])
        {
            // Before the kernel has found the carrier it drops what is sent.
            while (holder.Links.Links().Any(link => link.Name != "lo" && !link.IsOperational))
            {
                if (!holder.Links.WaitForLinkChange(Patience))
                    throw new InvalidOperationException($"{holder.Name}: not all links have come up within {Patience.TotalSeconds:0} s.");
            }
        }
    }

    private static string Enter(NamespaceHolder holder, string[] namespaces, string[] command, string input)
    {
        var start = new ProcessStartInfo(
            "nsenter", ["--target", holder.Process.Id.ToString(CultureInfo.InvariantCulture), .. namespaces, .. command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var complaints = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', command)}: {complaints.GetAwaiter().GetResult().Trim()}");
    }
}
