using Xunit;

namespace MulticastLab.Conformance.Suite;

/// <summary>
/// Suites on real packets, one after the other and beside no other tests: each keeps the machine busy with as many labs as it bears.
/// </summary>
[CollectionDefinition(nameof(OnRealPackets), DisableParallelization = true)]
public sealed class OnRealPackets;
