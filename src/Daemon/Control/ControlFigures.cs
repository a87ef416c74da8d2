namespace MulticastLab.Daemon.Control;

/// <summary>Statistics of a control socket.</summary>
/// <param name="Clients">Clients that are connected now.</param>
/// <param name="Refused">Clients that were refused: too many, or another user.</param>
/// <param name="CutOff">Clients that were cut off because they did not read.</param>
public sealed record ControlFigures(int Clients, long Refused, long CutOff);
