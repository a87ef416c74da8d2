namespace MulticastLab.Tests.Packets;

/// <summary>Bytes written as pairs of hex digits, with blanks and line ends between them for the reader.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(text.Where(each => !char.IsWhiteSpace(each))));
}
