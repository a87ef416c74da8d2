namespace MulticastLab.Conformance.Reports;

/// <summary>Reports that do not go together; the message says why, as a clause.</summary>
public sealed class UnfitReportsException(string message) : Exception(message);
