namespace MulticastLab.Robustness.Fuzz;

/// <summary>What is fuzzed, alone: a fresh one per episode.</summary>
internal interface IFuzzTarget
{
    /// <summary>Takes one input and checks what must hold after it.</summary>
    /// <exception cref="BrokenInvariantException">It does not hold. Any other exception is a finding too.</exception>
    void Feed(FuzzInput input);

    /// <summary>After the last input: what it is there for must still go right.</summary>
    void Finish();
}

/// <summary>An area of the product with its inputs and its target.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Share">Its share of all inputs, in percent.</param>
/// <param name="Inputs">Endless inputs out of a random source.</param>
/// <param name="Target">A target for an episode; configurations vary with the number.</param>
internal sealed record FuzzArea(string Name, int Share, Func<Random, IEnumerable<FuzzInput>> Inputs, Func<int, IFuzzTarget> Target)
{
    /// <summary>All areas.</summary>
    public static IReadOnlyList<FuzzArea> All { get; } =
    [
        new("router", 30, random => CoreInputs.ForRouter(random, FuzzedDialect.Igmp), number => new RouterTarget(Addresses.Igmp, number)),
        new("host", 15, random => CoreInputs.ForHost(random, FuzzedDialect.Igmp), number => new HostTarget(Addresses.Igmp, number)),
        new("mld-router", 20, random => CoreInputs.ForRouter(random, FuzzedDialect.Mld), number => new RouterTarget(Addresses.Mld, number)),
        new("mld-host", 10, random => CoreInputs.ForHost(random, FuzzedDialect.Mld), number => new HostTarget(Addresses.Mld, number)),
        new("decoders", 15, CoreInputs.Packets, _ => new DecoderTarget()),
        new("captures", 5, CaptureInputs.Files, _ => new CaptureTarget()),
        new("json", 5, JsonInputs.Texts, _ => new JsonTarget()),
    ];
}

/// <summary>An invariant was violated.</summary>
internal sealed class BrokenInvariantException(string message) : Exception(message);
