namespace MulticastLab.Robustness.Fuzz;

/// <summary>The inputs of the protocol cores: packets by the grammar, mutated ones, noise and killers, with time between them.</summary>
internal static class CoreInputs
{
    public static IEnumerable<FuzzInput> Packets(Random random, FuzzedDialect dialect)
    {
        var grammar = dialect.Grammar(random);
        while (true)
            yield return new FuzzInput(TimeSpan.Zero, Packet(random, grammar, dialect));
    }

    /// <summary>Packets of every dialect in turn.</summary>
    public static IEnumerable<FuzzInput> Packets(Random random) =>
        FuzzedDialect
            .All.Select(dialect => Packets(random, dialect))
            .Aggregate((one, other) => one.Zip(other, (first, second) => (FuzzInput[])[first, second]).SelectMany(each => each));

    /// <summary>Besides packets: link down and up, another address, another configuration.</summary>
    public static IEnumerable<FuzzInput> ForRouter(Random random, FuzzedDialect dialect) => WithTime(random, dialect, localOnceIn: 400);

    /// <summary>Besides packets: sockets that join, leave and change their lists.</summary>
    public static IEnumerable<FuzzInput> ForHost(Random random, FuzzedDialect dialect) => WithTime(random, dialect, localOnceIn: 5);

    private static IEnumerable<FuzzInput> WithTime(Random random, FuzzedDialect dialect, int localOnceIn)
    {
        var grammar = dialect.Grammar(random);
        while (true)
        {
            yield return random.Next(localOnceIn) == 0
                ? new FuzzInput(Wait(random), null, random.Next(1, int.MaxValue))
                : new FuzzInput(Wait(random), Packet(random, grammar, dialect));
        }
    }

    private static byte[] Packet(Random random, Grammar grammar, FuzzedDialect dialect) => random.Next(100) switch
    {
        < 85 => grammar.Packet(),
        < 95 => dialect.Mutation(random),
        < 98 => dialect.Noise(random),
        _ => dialect.Killers[random.Next(dialect.Killers.Count)].Packet,
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
