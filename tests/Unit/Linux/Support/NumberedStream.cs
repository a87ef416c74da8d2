namespace MulticastLab.Tests.Linux.Support;

/// <summary>A stream of datagrams numbered from 1, one every millisecond or so, until it is disposed.</summary>
internal sealed class NumberedStream : IAsyncDisposable
{
    private readonly LanSender sender;
    private readonly CancellationTokenSource ended = new();
    private readonly Task sending;
    private volatile int last;

    public NumberedStream(LanSender sender, string group)
    {
        this.sender = sender;
        sending = Send(group);
    }

    /// <summary>The number of the latest one.</summary>
    public int Last => last;

    /// <summary>Waits until as many more have been sent.</summary>
    public Task More(int count)
    {
        var until = Last + count;
        return Eventually.Is(() => Last >= until, () => $"Only {Last} datagrams were sent.");
    }

    /// <summary>Ends it.</summary>
    /// <returns>The last number.</returns>
    public async Task<int> End()
    {
        await ended.CancelAsync();
        await sending;
        return Last;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        ended.Dispose();
        sender.Dispose();
    }

    private async Task Send(string group)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        try
        {
            while (await pace.WaitForNextTickAsync(ended.Token))
            {
                sender.Send(group, last + 1);
                last++;
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
