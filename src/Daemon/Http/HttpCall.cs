namespace MulticastLab.Daemon.Http;

/// <summary>One GET or HEAD request, to be answered once: at once or later, from any thread.</summary>
public sealed class HttpCall
{
    private readonly HttpConnection connection;
    private int answered;

    internal HttpCall(HttpConnection connection, string path)
    {
        this.connection = connection;
        Path = path;
    }

    /// <summary>The path that is asked for, without a query: <c>/metrics</c>.</summary>
    public string Path { get; }

    /// <summary>Answers 200.</summary>
    /// <param name="contentType">The media type.</param>
    /// <param name="makeBody">Makes the body, on the server's thread, from values that no longer change.</param>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public void Answer(string contentType, Func<ReadOnlyMemory<byte>> makeBody)
    {
        Claim();
        connection.Answer(() => HttpAnswer.Ok(contentType, makeBody()));
    }

    /// <summary>Answers 404.</summary>
    /// <param name="text">What there is instead, for a person.</param>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public void NotFound(string text)
    {
        Claim();
        connection.Answer(() => HttpAnswer.Refusal(404, text));
    }

    private void Claim()
    {
        if (Interlocked.Exchange(ref answered, 1) != 0)
            throw new InvalidOperationException($"The request for '{Path}' has been answered already.");
    }
}
