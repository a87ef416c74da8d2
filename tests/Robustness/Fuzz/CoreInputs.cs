using MulticastLab.Tests.Packets.Igmp;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>The inputs of the protocol cores: packets by the grammar, mutated ones, noise and killers, with time between them.</summary>
internal static class CoreInputs
{
    public static IEnumerable<FuzzInput> Packets(Random random)
    {
        var grammar = new Grammar(random);
        while (true)
            yield return new FuzzInput(TimeSpan.Zero, Packet(random, grammar));
    }

    /// <summary>Besides packets: link down and up, another address, another configuration.</summary>
    public static IEnumerable<FuzzInput> ForRouter(Random random) => WithTime(random, localOnceIn: 400);

    /// <summary>Besides packets: sockets that join, leave and change their lists.</summary>
    public static IEnumerable<FuzzInput> ForHost(Random random) => WithTime(random, localOnceIn: 5);

    private static IEnumerable<FuzzInput> WithTime(Random random, int localOnceIn)
    {
        var grammar = new Grammar(random);
        while (true)
        {
            yield return random.Next(localOnceIn) == 0
                ? new FuzzInput(Wait(random), null, random.Next(1, int.MaxValue))
                : new FuzzInput(Wait(random), Packet(random, grammar));
        }
    }

    private static byte[] Packet(Random random, Grammar grammar) => random.Next(100) switch
    {
        < 85 => grammar.Packet(),
        < 95 => Mutations.AnyPacket(random),
        < 98 => Mutations.Noise(random),
        _ => Killers.All[random.Next(Killers.All.Count)].Packet,
    };

    // Mostly a burst; now and then the timers' own times, seldom an age.
    private static TimeSpan Wait(Random random) => random.Next(100) switch
    {
        < 60 => TimeSpan.Zero,
        < 85 => TimeSpan.FromTicks(random.NextInt64(TimeSpan.TicksPerSecond / 5)),
        < 95 => TimeSpan.FromTicks(random.NextInt64(3 * TimeSpan.TicksPerSecond)),
        < 98 => TimeSpan.FromSeconds(random.Next(1, 12)),
        98 => TimeSpan.FromSeconds(random.Next(300)),
        _ => TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(400_000) : random.Next(1000)),
    };
}
