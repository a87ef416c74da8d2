namespace MulticastLab.Packets.Captures;

/// <summary>The formats of capture files.</summary>
public enum CaptureFormat
{
    /// <summary>The classic format: one interface, no comments.</summary>
    Pcap,

    /// <summary>pcapng: several interfaces, names, comments.</summary>
    Pcapng,
}
