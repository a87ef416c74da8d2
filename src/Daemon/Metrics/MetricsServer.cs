using System.Net;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Http;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Metrics;

/// <summary>
/// Serves <c>/metrics</c> on the control thread: the daemon's loop only copies its figures, the page is written off the loop.
/// </summary>
public static class MetricsServer
{
    /// <summary>Starts it.</summary>
    /// <typeparam name="TFigures">What the metrics are read from.</typeparam>
    /// <param name="endPoint">Where.</param>
    /// <param name="control">Whose thread serves it, and whose figures are included.</param>
    /// <param name="loop">The daemon's loop.</param>
    /// <param name="metrics">The metrics, in the order in which they are listed.</param>
    /// <param name="read">Takes the figures, on the daemon's loop, with those of the control socket.</param>
    /// <exception cref="ControlException">It cannot listen there.</exception>
    public static HttpServer Start<TFigures>(
        IPEndPoint endPoint, ControlServer control, EventLoop loop, IReadOnlyList<Metric<TFigures>> metrics,
        Func<ControlFigures, TFigures> read)
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
                    var figures = read(served);
                    call.Answer(MetricsPage.ContentType, () => MetricsPage.Write(metrics, figures));
                });
            });
        }
        catch (LinuxException refused)
        {
            throw ControlException.Failed($"no metrics: {refused.Message}");
        }
    }
}
