namespace MulticastLab.Packets.Captures;

/// <summary>Something in a capture file that is wrong or not understood and does not end it: what follows is read.</summary>
/// <param name="Error">What.</param>
/// <param name="Offset">Where: the offset in the file, or in what a compressed file holds.</param>
/// <param name="Text">The same in words, as a sentence without a full stop that ends with the offset.</param>
public sealed record CaptureNotice(CaptureError Error, long Offset, string Text)
{
    /// <summary><see cref="Text"/>.</summary>
    public override string ToString() => Text;
}
