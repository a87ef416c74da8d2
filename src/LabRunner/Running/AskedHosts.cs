using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.LabRunner.Running;

/// <summary>Whose IGMP the hosts are to speak.</summary>
/// <param name="Stack">The stack that is taken.</param>
/// <param name="IsAsked">Whether the user has named it.</param>
/// <param name="HaveKernels">Whether the hosts of this world have kernels at all.</param>
internal sealed record AskedHosts(HostStack Stack, bool IsAsked, bool HaveKernels)
{
    /// <summary>Why a scenario cannot be played as it was asked for; null when it can.</summary>
    public string? Refusal(ScenarioInfo scenario) =>
        IsAsked && HaveKernels && Stack == HostStack.Kernel ? scenario.Create().NotWithKernelHosts : null;

    /// <summary>The stack for a scenario: our own where kernels cannot play it, unless they were asked for.</summary>
    /// <exception cref="CommandException">They were asked for.</exception>
    public HostStack For(ScenarioInfo scenario) => Refusal(scenario) is { } reason
        ? throw new CommandException(
            ExitCode.Usage, $"hosts whose kernels speak IGMP cannot play {scenario.Name}: {reason}",
            $"{Invocation.Name} run {scenario.Name} --host-stack user")
        : scenario.Create().NotWithKernelHosts is null ? Stack : HostStack.User;
}
