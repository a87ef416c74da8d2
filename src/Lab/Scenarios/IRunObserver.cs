using MulticastLab.Lab.Scenarios.Expectations;

namespace MulticastLab.Lab.Scenarios;

/// <summary>Observes a scenario while it is played.</summary>
public interface IRunObserver
{
    /// <summary>A step has begun; the one before is over.</summary>
    void Began(RunStep step);

    /// <summary>An expectation was judged.</summary>
    void Judged(Expectation expectation);
}
