using MulticastLab.Daemon.Settings;
using MulticastLab.Membership;

namespace MulticastLab.Lab.Engines;

/// <summary>The variables that every engine hands to the startup files, so that one file serves all timers and stacks.</summary>
public static class DaemonOptions
{
    /// <summary>The name of the variable with the options of <c>router run</c>.</summary>
    public const string RouterVariable = "ROUTER_OPTIONS";

    /// <summary>The name of the variable with the options of <c>hostagent run</c>.</summary>
    public const string HostAgentVariable = "HOSTAGENT_OPTIONS";

    /// <summary>The options of <c>router run</c> that make its timers these: all of them, defaults too.</summary>
    public static string ForRouter(Timing timing) => RouterInterfaceSettings.OptionsFor(timing);

    /// <summary>The options of <c>hostagent run</c> that choose the host stack and make its timers these.</summary>
    public static string ForHostAgent(HostStack stack, Timing timing) =>
        $"--stack {(stack == HostStack.Kernel ? "kernel" : "user")} {HostAgentSettings.OptionsFor(timing)}";
}
