namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Plays for a test class whose cases run one after the other. What is played mostly waits: when the cases are asked for in the order of
/// their names' list, the next ones are begun before they are asked for, so that many run at once; a single one stays a single one.
/// </summary>
/// <param name="names">What there is to play, in order.</param>
/// <param name="play">Plays one.</param>
/// <param name="mostAhead">How many are begun ahead at most.</param>
public sealed class ReadAhead<T>(IReadOnlyList<string> names, Func<string, CancellationToken, Task<T>> play, int mostAhead)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Dictionary<string, Task<T>> begun = [];
    private int next;
    private int ahead;

    /// <summary>What comes of one.</summary>
    public Task<T> Result(string name)
    {
        var place = names.Index().Single(each => each.Item == name).Index;
        ahead = place == next ? Math.Min(Math.Max(1, ahead * 2), mostAhead) : 0;
        next = place + 1;
        for (var i = place; i <= place + ahead && i < names.Count; i++)
            Begin(names[i]);
        return begun[name];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await ((Task)Task.WhenAll(begun.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private void Begin(string name)
    {
        if (!begun.ContainsKey(name))
            begun.Add(name, Task.Run(() => play(name, end.Token)));
    }
}
