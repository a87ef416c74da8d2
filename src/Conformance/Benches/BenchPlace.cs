using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Benches;

/// <summary>Where and with what a test is played: a lab that is up, and the device that is one of its nodes.</summary>
/// <param name="Lab">The lab.</param>
/// <param name="Device">The device.</param>
/// <param name="Plan">The addresses.</param>
/// <param name="StartsDevice">Whether the device is started for the test; otherwise it runs already.</param>
/// <param name="Start">How the device is started.</param>
/// <param name="Options">The lab's options, with the timers that the device has then.</param>
/// <param name="RealTime">Whether the lab has the clock of the machine, and the device one of its own.</param>
/// <param name="Patience">How long the test may take; null for as long as it likes.</param>
/// <param name="Observer">Who watches; null for nobody.</param>
/// <param name="Cancellation">Ends the test.</param>
internal sealed record BenchPlace(
    IRunningLab Lab, Device Device, AddressPlan Plan, bool StartsDevice, DeviceStart Start, LabOptions Options, bool RealTime,
    TimeSpan? Patience, IRunObserver? Observer, CancellationToken Cancellation);
