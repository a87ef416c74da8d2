namespace MulticastLab.Linux.MulticastRouting;

/// <summary>The counters of an entry.</summary>
/// <param name="Packets">Packets accepted on the right interface.</param>
/// <param name="Bytes">Bytes of all packets, including those from wrong interfaces: the kernel does not separate them.</param>
/// <param name="WrongVif">Packets dropped because they came in on another interface.</param>
public readonly record struct MfcCounts(long Packets, long Bytes, long WrongVif);

/// <summary>The counters of a VIF.</summary>
/// <param name="PacketsIn">Packets received on it and forwarded.</param>
/// <param name="PacketsOut">Packets forwarded out of it.</param>
/// <param name="BytesIn">Bytes of the former.</param>
/// <param name="BytesOut">Bytes of the latter.</param>
public readonly record struct VifCounts(long PacketsIn, long PacketsOut, long BytesIn, long BytesOut);
