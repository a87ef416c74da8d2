namespace MulticastLab.Lab.Scenarios;

/// <summary>What takes longer than anybody waits for.</summary>
public static class VirtualTime
{
    /// <summary>
    /// Begins a step in which minutes pass that no setting shortens, as the Older Version Querier Present Interval (RFC 9776 §8.12): in
    /// virtual time only. Such steps are the last ones of a scenario, and no part of what it says in any world.
    /// </summary>
    /// <returns>Whether the step has begun; if not, the scenario ends here.</returns>
    public static async Task<bool> StepInVirtualTime(this LabRun lab, string title)
    {
        ArgumentNullException.ThrowIfNull(lab);
        if (!lab.HasVirtualTime)
            return false;
        await lab.Step(title);
        lab.Steps[^1].InVirtualTimeOnly = true;
        return true;
    }
}
