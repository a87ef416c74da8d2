using MulticastLab.Packets;

namespace MulticastLab.Daemon.Connections;

/// <summary>One client of a server, on the thread of its loop.</summary>
internal interface IConnection
{
    /// <summary>When it is cut off unless something arrives; <see cref="Instant.Never"/> while it has no deadline.</summary>
    Instant Deadline { get; }

    /// <summary>Closes it because its time is over.</summary>
    void CutOff();

    /// <summary>Closes it at once.</summary>
    void Close();
}
