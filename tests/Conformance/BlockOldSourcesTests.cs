namespace MulticastLab.Conformance;

/// <summary>RFC 9776 §6.4.2 and §6.6.3.2.</summary>
public sealed class BlockOldSourcesTests() : ScenarioTests("block-old-sources");
