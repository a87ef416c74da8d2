using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Forwarding;

/// <summary>The router's interfaces as VIFs of the kernel: an interface's number is its VIF's.</summary>
/// <param name="socket">The kernel's table.</param>
/// <param name="interfaces">Told which interfaces are up, as VIFs of the kernel.</param>
/// <param name="refused">Told of an interface that the kernel does not accept as a VIF.</param>
internal sealed class ForwardingVifs(MulticastRoutingSocket socket, ForwardingInterfaces interfaces, Action<string, LinuxException> refused)
{
    /// <summary>Updates a VIF to the state of its interface.</summary>
    /// <param name="number">The interface's number.</param>
    /// <param name="name">Its name.</param>
    /// <param name="index">The system's index of it; 0 when it is down.</param>
    /// <returns>Whether the VIF has changed, and whether one was removed.</returns>
    public (bool Changed, bool Removed) Follow(int number, string name, int index)
    {
        var before = interfaces.Index(number);
        if (before == index)
            return default;
        if (before != 0)
            socket.DeleteVif(number);
        if (index != 0 && TryAdd(number, name, index))
            interfaces.SetUp(number, name, index);
        else
            interfaces.SetDown(number);
        return (true, before != 0);
    }

    private bool TryAdd(int number, string name, int index)
    {
        try
        {
            socket.AddVif(number, VifOptions.Interface(index) with { Threshold = interfaces.ThresholdOf(name) });
            return true;
        }
        catch (LinuxException exception)
        {
            refused(name, exception);
            return false;
        }
    }
}
