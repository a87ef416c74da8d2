namespace MulticastLab.Packets.Decoding;

/// <summary>What the decoders of the layers fill in; an inner one overwrites what an outer one has said.</summary>
internal sealed class FrameBuilder
{
    private readonly List<Field> layers = [];
    private PacketError error;

    public string Source { get; set; } = "";

    public string Destination { get; set; } = "";

    public string Protocol { get; set; } = "";

    public string Info { get; set; } = "";

    public void Add(Field layer) => layers.Add(layer);

    /// <summary>Notes what is wrong; the first, outermost one stays.</summary>
    public void Fail(PacketError found)
    {
        if (error == PacketError.None)
            error = found;
    }

    public DecodedFrame ToFrame() => new()
    {
        Source = Source,
        Destination = Destination,
        Protocol = Protocol,
        Info = error == PacketError.None ? Info : $"malformed: {error.Describe()} ({error})",
        Error = error,
        Layers = layers,
    };
}
