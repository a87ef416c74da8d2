namespace MulticastLab.Daemon.Configuration;

/// <summary>How the router takes what an interface receives.</summary>
public enum ReceiveWay
{
    /// <summary>
    /// From memory that the kernel writes to: the least work, and room for a burst whatever the system's limits, held ready all the time.
    /// </summary>
    Ring,

    /// <summary>With a system call for each batch: memory is taken only while packets wait.</summary>
    Socket,
}
