using System.Net;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Http;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Metrics;

/// <summary>
/// Serves <c>/metrics</c> on the control thread: the router's loop only copies its figures, the page is written beside it.
/// </summary>
internal static class MetricsServer
{
    /// <summary>Starts it.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="control">Whose thread serves it, and whose figures are told too.</param>
    /// <param name="loop">The router's loop.</param>
    /// <param name="read">Takes the figures, on the router's loop.</param>
    /// <exception cref="ControlException">It cannot listen there.</exception>
    public static HttpServer Start(IPEndPoint endPoint, ControlServer control, EventLoop loop, Func<RouterFigures> read)
    {
        try
        {
            return HttpServer.Start(endPoint, control.Loop, call =>
            {
                if (call.Path != "/metrics")
                {
                    call.NotFound("there is only /metrics");
                    return;
                }

                // Its own figures can be read on this thread only.
                var served = control.Figures;
                loop.Post(() =>
                {
                    var figures = read() with { Control = served };
                    call.Answer(MetricsPage.ContentType, () => MetricsPage.Write(figures));
                });
            });
        }
        catch (LinuxException refused)
        {
            throw new ControlException($"no metrics: {refused.Message}", 1);
        }
    }
}
