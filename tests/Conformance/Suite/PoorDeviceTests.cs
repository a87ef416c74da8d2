using FluentAssertions;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Devices that understand nothing: a silent one, one that echoes every frame, one that answers everything with garbage. None may pass a
/// test of a requirement that needs the device to do something, and every test does that.
/// </summary>
public sealed class PoorDeviceTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("multicast-lab-poor-");

    private static readonly Dictionary<string, Func<ISimulatedMachine, ISimulatedProgram>> Programs = new()
    {
        ["silent"] = _ => new Answering((_, _) => { }),
        ["echo"] = machine => new Answering(machine.Send),
        ["garbage"] = machine => new Answering(
            (interfaceName, frame) => machine.Send(interfaceName, Garbage(machine.MacOf(interfaceName), frame))),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Devices => new()
    {
        { "silent", "router" },
        { "echo", "router" },
        { "garbage", "router" },
        { "silent", "host" },
        { "echo", "host" },
        { "garbage", "host" },
    };

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Devices))]
    public async Task Nothing_is_passed_by_a_device_that_understands_nothing(string program, string role)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, Device.FileName),
            $"title: {program}\nrole: {role}\nprotocols: [igmp]\nstart: none\nsimulated: {program}\noptions: [forward]\n"
                + "timers: { VERSION: { default: 3, min: 1, step: 1 } }\n",
            Cancellation);
        var device = DeviceReader.Read(folder.FullName);

        var report = await SuiteRunner.Run(
            new SuiteOptions { Device = device, Tests = TestCatalog.For(device.Role), Jobs = Environment.ProcessorCount },
            new SimulatedEngine(Programs), observer: null, Cancellation);

        report.Tests.Should().NotBeEmpty();
        string.Join(' ', report.Tests.Where(each => each.Verdict == Verdict.Pass).Select(each => each.Test)).Should().BeEmpty();
    }

    // The frame's own bytes, turned: neither an Ethernet type nor a length is left as it was.
    private static byte[] Garbage(MacAddress from, ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.ToArray();
        for (var i = 12; i < bytes.Length; i++)
            bytes[i] = (byte)~bytes[i];
        from.Write(bytes.AsSpan(6));
        return bytes;
    }

    private sealed class Answering(Action<string, ReadOnlyMemory<byte>> answer) : ISimulatedProgram
    {
        public void Receive(string interfaceName, ReadOnlyMemory<byte> frame) => answer(interfaceName, frame);

        public void End()
        {
            // It holds nothing.
        }
    }
}
