using System.Runtime.CompilerServices;
using MulticastLab.Lab.Engines.Namespaces;
using Xunit;

namespace MulticastLab.Conformance.Engine;

/// <summary>A theory on real namespaces; skipped, with the reason, where they are unavailable.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespacesTheoryAttribute : TheoryAttribute
{
    public NamespacesTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (EngineAvailability.Check() is { } unfitness)
            Skip = $"{unfitness.Reason} {unfitness.Remedy}";
    }
}
