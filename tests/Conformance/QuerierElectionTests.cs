namespace MulticastLab.Conformance;

/// <summary>RFC 9776 §6.6.2.</summary>
public sealed class QuerierElectionTests() : ScenarioTests("querier-election");
