using MulticastLab.Membership.Host;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>Tests of the host core in every dialect.</summary>
public abstract class HostTests(Vocabulary words) : CoreTests(words)
{
    protected HostUnderTest NewHost(int robustness = 2, int mtu = 1500, Random? random = null, HostSettings? settings = null) =>
        new(Words, robustness, mtu, random, settings);
}
