using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.Host;

namespace MulticastLab.HostAgent.Commands;

/// <summary>One command to a running agent.</summary>
internal static class AgentClient
{
    /// <summary>Sends a command and waits for the answer's result.</summary>
    /// <exception cref="ControlException">No agent there, or it refused.</exception>
    public static JsonElement Ask(string? control, string command, Action<Utf8JsonWriter>? writeMembers = null) =>
        ControlClient.Ask(Arguments.ControlPath(control), command, writeMembers).GetAwaiter().GetResult();

    /// <summary>The agent's state.</summary>
    /// <exception cref="ControlException">No agent there, or it refused.</exception>
    public static StackState State(string? control) => ReceptionStateJson.Read(Ask(control, "show"));

    /// <summary>Connects.</summary>
    /// <exception cref="ControlException">No agent there.</exception>
    public static ControlClient Connect(string? control) => ControlClient.Connect(Arguments.ControlPath(control)).GetAwaiter().GetResult();

    /// <summary>One group's state as a line: <c>239.1.1.1 INCLUDE {10.0.0.9}</c>.</summary>
    public static string Line(ReceptionState state) => $"{state.Group} {state.Filter}";
}
