namespace MulticastLab.Packets.Captures;

/// <summary>An interface on which packets were captured.</summary>
/// <param name="Id">0, 1, 2 … in the order of the file, counted on over the sections of a file; -1 when the file does not describe
/// it.</param>
/// <param name="LinkType">What its packets begin with.</param>
/// <param name="Name"><c>if_name</c>; null when not given, as always in a pcap file.</param>
/// <param name="Description"><c>if_description</c>; null when not given.</param>
public sealed record CaptureInterface(int Id, LinkType LinkType, string? Name, string? Description)
{
    /// <summary>The placeholder for an interface that packets name and the file does not describe.</summary>
    public static readonly CaptureInterface Undescribed = new(-1, LinkType.Undescribed, Name: null, Description: null);
}
