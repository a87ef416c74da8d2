using MulticastLab.Tests.Packets.Igmp;
using MulticastLab.Tests.Packets.Mld;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>What the inputs of a dialect are made of; cores and readers are the same.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Addresses">What they are about.</param>
/// <param name="Grammar">Packets by the grammar.</param>
/// <param name="Mutation">A packet that is almost right.</param>
/// <param name="Noise">Bytes that are hardly a packet.</param>
/// <param name="Killers">Packets that have stopped others.</param>
internal sealed record FuzzedDialect(
    string Name, Addresses Addresses, Func<Random, Grammar> Grammar, Func<Random, byte[]> Mutation, Func<Random, byte[]> Noise,
    IReadOnlyList<(string Name, byte[] Packet)> Killers)
{
    public static readonly FuzzedDialect Igmp = new(
        "igmp", Addresses.Igmp, random => new IgmpGrammar(random), Mutations.AnyPacket, Mutations.Noise, Fuzz.Killers.Igmp);

    public static readonly FuzzedDialect Mld = new(
        "mld", Addresses.Mld, random => new MldGrammar(random), MldMutations.AnyPacket, MldMutations.Noise, Fuzz.Killers.Mld);

    public static IReadOnlyList<FuzzedDialect> All { get; } = [Igmp, Mld];
}
