using System.Text;

namespace MulticastLab.Daemon.Http;

/// <summary>The head of an HTTP/1 request (RFC 9112 §2, §3), as far as a server of one page needs it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without a query.</param>
internal sealed record HttpRequest(string Method, string Path)
{
    /// <summary>The longest head that is read.</summary>
    public const int LongestHead = 8192;

    /// <summary>Where the head ends, with its empty line; -1 when that has not come yet. A lone line feed ends a line too (§2.2).</summary>
    public static int EndOfHead(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = bytes[at..].IndexOf((byte)'\n');
            if (length < 0)
                return -1;
            var line = bytes.Slice(at, length).TrimEnd((byte)'\r');
            at += length + 1;
            if (line.IsEmpty && at > 2)
                return at;
        }

        return -1;
    }

    /// <summary>Reads a head.</summary>
    /// <returns>The request, or the refusal.</returns>
    public static (HttpRequest? Request, HttpAnswer? Refusal) Read(ReadOnlySpan<byte> head)
    {
        foreach (var each in head)
        {
            if (each is (< 0x20 or > 0x7e) and not ((byte)'\r' or (byte)'\n' or (byte)'\t'))
                return Refused(400, "a request is printable ASCII");
        }

        var lines = Encoding.ASCII.GetString(head).Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        var words = lines[0].Split(' ');
        if (words.Length != 3 || words[0].Length == 0 || !words[2].StartsWith("HTTP/", StringComparison.Ordinal))
            return Refused(400, "a request line is METHOD TARGET HTTP/1.1");
        if (words[2] is not ("HTTP/1.1" or "HTTP/1.0"))
            return Refused(505, "HTTP/1.1 is spoken here");
        // RFC 9112 §3.2: exactly one, in a request of HTTP/1.1.
        var hosts = lines.Skip(1).Count(line => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase));
        if (hosts > 1 || (hosts == 0 && words[2] == "HTTP/1.1"))
            return Refused(400, "a request of HTTP/1.1 has one Host field");
        if (PathOf(words[1]) is not { } path)
            return Refused(400, "a request's target is a path");
        return words[0] is "GET" or "HEAD"
            ? (new HttpRequest(words[0], path), null)
            : Refused(405, "only GET and HEAD: figures are read here, nothing else");
    }

    // §3.2.2: the absolute form must be taken too.
    private static string? PathOf(string target)
    {
        const string Scheme = "http://";
        if (target.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            target = target.IndexOf('/', Scheme.Length) is > 0 and var slash ? target[slash..] : "/";
        return target.StartsWith('/') ? target.Split('?')[0] : null;
    }

    private static (HttpRequest? Request, HttpAnswer? Refusal) Refused(int status, string text) => (null, HttpAnswer.Refusal(status, text));
}
