using Xunit;

namespace MulticastLab.Robustness;

/// <summary>The heap is the process's: what other tests hold meanwhile would count as that of the one that measures it.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
