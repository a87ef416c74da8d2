using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.HostAgent.Traffic;

namespace MulticastLab.HostAgent.Commands;

/// <summary>Receives through the running agent, with its own stack.</summary>
internal static class AgentReception
{
    /// <summary>Has the agent receive until the count is reached or a signal arrives, and prints.</summary>
    /// <exception cref="ControlException">The agent refused, or is gone.</exception>
    public static ExitCode Run(ReceiveRequest request, string? control, TextWriter output, TextWriter error) =>
        RunAsync(request, control, output, error).GetAwaiter().GetResult();

    private static async Task<ExitCode> RunAsync(ReceiveRequest request, string? control, TextWriter output, TextWriter error)
    {
        using var client = AgentClient.Connect(control);
        await client.Ask("receive", request.WriteTo).ConfigureAwait(false);
        var receiver = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var interrupted = false;
        using var signals = Signals.CatchEnd(_ => Stop());
        await foreach (var line in client.Lines().ConfigureAwait(false))
        {
            if (line.TryGetProperty("receiver", out var number))
            {
                receiver.SetResult(number.GetInt64());
                await error.WriteLineAsync("hostagent: listening").ConfigureAwait(false);
            }
            else if (line.TryGetProperty("report", out var report))
            {
                Print(report);
                return interrupted && request.Count is not null ? ExitCode.Interrupted : ExitCode.Ok;
            }
            else
            {
                await output.WriteLineAsync(DatagramLine.Read(line, request.Group, request.Port).ToString()).ConfigureAwait(false);
            }
        }

        throw ControlException.Failed("the agent has ended, or has cut this client off because it did not read fast enough");

        // The agent answers on the first connection with the report.
        bool Stop()
        {
            if (interrupted || !receiver.Task.IsCompletedSuccessfully)
                return false;
            interrupted = true;
            AgentClient.Ask(control, "stop-receiving", writer => HostAgentRequests.StopReceiving(writer, receiver.Task.Result));
            return true;
        }

        void Print(JsonElement report)
        {
            if (request.Json)
            {
                output.WriteLine(report.GetRawText());
                return;
            }

            foreach (var line in ReceptionReport.Lines(report.Deserialize(TrafficContext.Default.ReportLeaves)!))
                output.WriteLine(line);
        }
    }
}
