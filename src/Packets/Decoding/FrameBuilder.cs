namespace MulticastLab.Packets.Decoding;

/// <summary>Filled in by the decoders of the layers; an inner one overwrites what an outer one has set.</summary>
/// <param name="frame">The whole frame.</param>
internal sealed class FrameBuilder(Portion frame)
{
    // Nested tags may fill a frame. No real frame has that many.
    private const int MostLayers = 32;

    private readonly List<Field> layers = [];
    private readonly int kept = frame.Bytes.Length;
    private readonly long length = frame.Length;
    private PacketError error;
    private string? notDecoded;
    private bool endsWithinHeader;

    public string Source { get; set; } = "";

    public string Destination { get; set; } = "";

    public string Protocol { get; set; } = "";

    public string Info { get; set; } = "";

    /// <summary>Whether the maximum number of layers has been reached.</summary>
    public bool IsFull => layers.Count >= MostLayers;

    public void Add(Field layer) => layers.Add(layer);

    /// <summary>Notes what is wrong; the first, outermost one stays.</summary>
    public void Fail(PacketError found)
    {
        if (error == PacketError.None)
            error = found;
    }

    /// <summary>
    /// Whether the bytes are there. If they were on the wire, the capture has cut them off, which is no fault of the frame.
    /// </summary>
    /// <param name="part">The layer.</param>
    /// <param name="count">How many it must have.</param>
    /// <param name="otherwise">What is wrong when there were fewer on the wire.</param>
    public bool Holds(Portion part, int count, PacketError otherwise)
    {
        if (part.Length < count)
            Fail(otherwise);
        endsWithinHeader |= part.Bytes.Length < count;
        return part.Bytes.Length >= count;
    }

    /// <summary>The frame ends here for the decoder: what follows is of a kind that is not known.</summary>
    /// <param name="protocol">What contains it.</param>
    /// <param name="what">What it is, with its number, as the beginning of a sentence.</param>
    /// <param name="info">The same after the protocol's name.</param>
    /// <param name="rest">What follows.</param>
    public void Stop(string protocol, string what, string info, Portion rest)
    {
        Protocol = protocol;
        Info = info.Length == 0 ? $" {rest.Length} bytes" : $"{info}  {rest.Length} bytes";
        notDecoded = what;
    }

    public DecodedFrame ToFrame() => new()
    {
        Source = Source,
        Destination = Destination,
        Protocol = Protocol,
        Info = (error == PacketError.None ? Info : $"malformed: {error.Describe()} ({error})") + Cut(),
        Error = error,
        IsCut = kept < length,
        EndsWithinHeader = endsWithinHeader,
        NotDecoded = notDecoded,
        Layers = layers,
    };

    private string Cut() =>
        kept < length
            ? $"{(Info.Length == 0 && error == PacketError.None ? "" : "  ")}[cut short by the capture: {kept} of {length} bytes]"
            : "";
}
