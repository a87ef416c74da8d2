using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace MulticastLab.Daemon.Metrics;

/// <summary>Where metrics are served: <c>9464</c> is a port of the loopback, anything else has to be written in full.</summary>
public static class MetricsEndPoint
{
    /// <summary>Reads <c>PORT</c>, <c>ADDRESS:PORT</c>, <c>[ADDRESS]:PORT</c> or <c>localhost:PORT</c>; ports are 1 to 65535.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            return false;
        var host = colon < 0 ? "localhost" : text[..colon];
        if (host == "localhost")
        {
            endPoint = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        // The base library takes 1.2 and 7 for addresses; here an address must be written in full.
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address) || address.ToString().Contains(':') != bracketed
            || (!bracketed && host.Count(each => each == '.') != 3))
            return false;
        endPoint = new IPEndPoint(address, port);
        return true;
    }
}
