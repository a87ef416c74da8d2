namespace MulticastLab.Robustness.Fuzz;

/// <summary>Some thousand inputs into one fresh target: all of it follows from the area, the seed and the number.</summary>
internal sealed record Episode(FuzzArea Area, int Seed, int Number, int Length)
{
    /// <summary>The index of the input that is being fed; the watchdog looks at it.</summary>
    public int At { get; private set; }

    /// <summary>Plays it.</summary>
    /// <returns>What went wrong; null when nothing did.</returns>
    public Finding? Play() => Play(Inputs()) is { } wrong ? new Finding(this, At, wrong) : null;

    /// <summary>The inputs that are enough to make it go wrong the same way.</summary>
    public List<FuzzInput> Shrink(Exception wrong) =>
        Shrinker.Shortest(
            Inputs().ToList(), inputs => Play(inputs) is { } again && again.GetType() == wrong.GetType() && Kind(again) == Kind(wrong),
            mostRuns: 500);

    private IEnumerable<FuzzInput> Inputs() => Area.Inputs(new Random(HashCode(Seed, Number, Area.Name))).Take(Length);

    private Exception? Play(IEnumerable<FuzzInput> inputs)
    {
        At = 0;
        try
        {
            var target = Area.Target(Number);
            foreach (var input in inputs)
            {
                target.Feed(input);
                At++;
            }

            target.Finish();
            return null;
        }
        catch (Exception wrong)
        {
            return wrong;
        }
    }

    // What went wrong, whatever the figures.
    private static string Kind(Exception wrong) => string.Concat(wrong.Message.Where(each => !char.IsAsciiDigit(each)));

    // The same in every run, unlike System.HashCode.
    private static int HashCode(int seed, int number, string area) =>
        area.Aggregate(unchecked((seed * 486_187_739) + (number * 16_777_619)), (hash, letter) => unchecked((hash ^ letter) * 16_777_619));
}

/// <summary>Something that a run has found.</summary>
/// <param name="Episode">In which episode.</param>
/// <param name="At">At which input, from 0.</param>
/// <param name="Wrong">What.</param>
internal sealed record Finding(Episode Episode, int At, Exception Wrong)
{
    /// <summary>The command that shows it again.</summary>
    public string Replay =>
        $"dotnet run -c Release --project tests/Robustness -- fuzz --area {Episode.Area.Name} --seed {Episode.Seed} --episode "
            + $"{Episode.Number} --length {Episode.Length}";
}
