using System.Globalization;
using System.Text;

namespace MulticastLab.Daemon.Http;

/// <summary>A whole HTTP/1.1 response (RFC 9112 §4), after which the connection is closed.</summary>
/// <param name="Head">Status line and fields.</param>
/// <param name="Body">The content; its length is in the head, but it is not sent to HEAD (RFC 9110 §9.3.2).</param>
internal sealed record HttpAnswer(byte[] Head, ReadOnlyMemory<byte> Body)
{
    public static HttpAnswer Ok(string contentType, ReadOnlyMemory<byte> body) => Make(200, contentType, body, "");

    public static HttpAnswer Refusal(int status, string text) =>
        Make(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"), status == 405 ? "Allow: GET, HEAD\r\n" : "");

    public byte[] ToBytes() => [.. Head, .. Body.Span];

    private static HttpAnswer Make(int status, string contentType, ReadOnlyMemory<byte> body, string fields) =>
        new(
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: {contentType}\r\nContent-Length: "
                        + $"{body.Length}\r\n{fields}Cache-Control: no-store\r\nConnection: close\r\n\r\n")),
            body);

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    };
}
