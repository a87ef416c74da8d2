using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership;

/// <summary>
/// Tests of a protocol core that hold in every dialect: each class has one subclass per dialect, which runs them all and adds what only
/// that dialect has, or has otherwise.
/// </summary>
public abstract class CoreTests(Vocabulary words)
{
    protected Vocabulary Words => words;

    protected Dialect Dialect => words.Dialect;

    protected Address Own => words.Own;

    protected Address Lower => words.Lower;

    protected Address Higher => words.Higher;

    protected Address Host1 => words.Host1;

    protected Address Host2 => words.Host2;

    protected Address G1 => Named("G1");

    protected Address G2 => Named("G2");

    protected Address G9 => Named("G9");

    protected Address S1 => Named("S1");

    protected Address S2 => Named("S2");

    protected Address S3 => Named("S3");

    protected Address S4 => Named("S4");

    protected Address S5 => Named("S5");

    /// <inheritdoc cref="Vocabulary.Named(string)"/>
    protected Address Named(string name) => words.Named(name);

    /// <inheritdoc cref="Vocabulary.Named(uint)"/>
    protected Address Named(uint bits) => words.Named(bits);

    /// <inheritdoc cref="Vocabulary.NamedPrefix"/>
    protected Prefix NamedPrefix(string name) => words.NamedPrefix(name);

    /// <inheritdoc cref="Vocabulary.Version"/>
    protected int Version(int ofIgmp) => words.Version(ofIgmp);

    /// <inheritdoc cref="Vocabulary.List"/>
    protected AccessList List(params string[] rules) => words.List(rules);

    /// <inheritdoc cref="Vocabulary.Version1HostPresentExpires"/>
    protected TimeSpan? Version1HostPresentExpires(GroupState? group) => words.Version1HostPresentExpires(group!);

    /// <inheritdoc cref="Vocabulary.Version2HostPresentExpires"/>
    protected TimeSpan? Version2HostPresentExpires(GroupState? group) => words.Version2HostPresentExpires(group!);

    /// <summary>So many-th source: 192.0.2.1, ….</summary>
    protected Address Source(int number) => Named(0xC000_0200 | (uint)number);
}
