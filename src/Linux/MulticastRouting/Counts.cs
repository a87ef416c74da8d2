namespace MulticastLab.Linux.MulticastRouting;

/// <summary>What an entry has seen.</summary>
/// <param name="Packets">Packets taken from the right interface.</param>
/// <param name="Bytes">Bytes of all packets, those from wrong interfaces too: the kernel tells no more.</param>
/// <param name="WrongVif">Packets dropped because they came in on another interface.</param>
public readonly record struct MfcCounts(long Packets, long Bytes, long WrongVif);

/// <summary>What has gone through a VIF.</summary>
/// <param name="PacketsIn">Packets taken from it and forwarded.</param>
/// <param name="PacketsOut">Packets forwarded out of it.</param>
/// <param name="BytesIn">Bytes of the former.</param>
/// <param name="BytesOut">Bytes of the latter.</param>
public readonly record struct VifCounts(long PacketsIn, long PacketsOut, long BytesIn, long BytesOut);
