namespace MulticastLab.Robustness.Fuzz;

/// <summary>Changes bytes of a file or a text: some overwritten, some removed, some doubled, the end cut off.</summary>
internal static class Blur
{
    // What lengths, counts and structure are made of.
    private static readonly byte[] Telling =
    [0, 1, 2, 4, 0x0a, 0x7f, 0x80, 0xff, (byte)'"', (byte)'{', (byte)'}', (byte)'[', (byte)']', (byte)',', (byte)'-', (byte)'9'];

    public static byte[] Apply(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case < 3:
                    bytes[at] = random.Next(2) == 0 ? (byte)random.Next(256) : Telling[random.Next(Telling.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    if (random.Next(4) == 0)
                        bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
