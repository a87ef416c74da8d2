using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Services;

/// <summary>
/// Keeps the service manager informed: that the daemon is ready, its status in one line, and, from the loop itself, that the loop is
/// running, so that a hang is noticed.
/// </summary>
public sealed class ServiceReport : IDisposable
{
    private readonly ServiceManager? manager;
    private readonly LoopTimer? timer;
    private readonly Func<string> describe;
    private string told = "";

    /// <summary>Reports to a manager.</summary>
    /// <param name="manager">The manager, which is disposed with this; null for none.</param>
    /// <param name="loop">The daemon's loop.</param>
    /// <param name="describe">What the daemon does, in a line.</param>
    public ServiceReport(ServiceManager? manager, EventLoop loop, Func<string> describe)
    {
        this.manager = manager;
        this.describe = describe;
        if (manager?.Watchdog is not null)
            timer = loop.AddTimer(Live);
    }

    /// <summary>The daemon serves. What it is still waiting for itself does not delay those who need the service.</summary>
    public void Ready()
    {
        manager?.Ready(told = describe());
        if (timer is not null)
            Live();
    }

    /// <summary>The daemon's configuration is read again; <see cref="Ready"/> ends that.</summary>
    public void Reloading() => manager?.Reloading();

    /// <summary>Something has changed that the status line may show.</summary>
    public void Changed()
    {
        if (manager is null || told.Length == 0)
            return;
        var status = describe();
        if (status == told)
            return;
        manager.Status(told = status);
    }

    /// <summary>The daemon ends.</summary>
    public void Stopping() => manager?.Stopping();

    /// <summary>Closes what it has opened.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        manager?.Dispose();
    }

    private void Live()
    {
        manager!.Alive();
        Changed();
        // Twice in its time, as sd_watchdog_enabled(3) recommends.
        timer!.Set(KernelClock.Monotonic + (manager.Watchdog!.Value / 2));
    }
}
