namespace MulticastLab.Conformance;

/// <summary>RFC 9776 §6.4.2 and §6.6.3.1.</summary>
public sealed class LeaveWithGroupSpecificQueriesTests() : ScenarioTests("leave-with-gsq");
