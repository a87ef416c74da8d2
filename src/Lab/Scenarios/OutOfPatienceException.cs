namespace MulticastLab.Lab.Scenarios;

/// <summary>What comes next would take longer than the run may take.</summary>
public sealed class OutOfPatienceException() : Exception("What comes next would take longer than the run may take.");
