namespace MulticastLab.Daemon.Configuration;

/// <summary>How the router receives packets from an interface.</summary>
public enum ReceiveMode
{
    /// <summary>
    /// From memory that the kernel writes to: the least work, and room for a burst whatever the system's limits, held ready all the time.
    /// </summary>
    Ring,

    /// <summary>With a system call for each batch: memory is taken only while packets wait.</summary>
    Socket,
}
